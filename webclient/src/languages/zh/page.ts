// Chinese (Simplified), the words of the page. It says 你; the stranger is 陌生人 before they are met, and 对方 from then on.

import type { PageTexts } from "../en/page";
import { grammar } from "../grammar";

const { number, plural } = grammar("zh");

const moods = "安静的 好奇的 温柔的 快乐的 自在的 勇敢的 明亮的 幸运的".split(" ");
const beings = "水獭 白鹭 狐狸 灯笼 小河 麻雀 枫叶 飞蛾 港湾 柳树 彗星 野兔 茶壶 云朵".split(" ");

const currentBrowser = "请试试新版的 Firefox、Chrome、Edge 或 Safari。";

export const page: PageTexts = {
  name: "Passerby",
  nicknames: moods.flatMap((mood) => beings.map((being) => `${mood}${being}`)),

  tab: {
    waiting: "正在找人 – Passerby",
    met: "有人来了 – Passerby",
    unread: "● 新消息 – Passerby",
    calls: "● 来电 – Passerby",
    over: "聊天已结束 – Passerby",
  },

  shell: {
    language: "语言",
    languageMissing: "暂时无法加载该语言。页面继续使用当前语言。",
    legal: "关于本服务器",
    pages: { privacy: "隐私政策", terms: "使用条款", contact: "联系方式", facts: "事实清单" },
    newTab: "（在新标签页中打开）",
    operator: "本服务器运营者：",
  },

  settings: {
    open: "设置",
    title: "设置",
    theme: "外观",
    themes: { system: "自动", light: "浅色", dark: "深色" },
    attention: "当你没在看这个页面时",
    sound: "声音",
    soundHint: "找到人、收到消息或来电时。",
    notify: "设备通知",
    notifyHint: "只告诉你有人在，绝不显示是谁、写了什么。",
    notifyDenied: "你的浏览器不允许这个页面这样做。你可以在浏览器中这个页面的设置里允许。",
    notifyMissing: "这个浏览器做不到。在 iPhone 上，请先把页面添加到主屏幕。",
    kept: "你在这里的选择只保存在这个浏览器里，不在别处。",
    nothingKept: "这个浏览器里没有保存任何内容。",
    forget: "忘记我的选择",
    forgotten: "已忘记。这个浏览器里没有保存任何内容。",
    close: "完成",
  },

  offline: {
    title: "你已离线",
    lead: "要遇见别人，你的设备需要网络。一有网络，这个页面就会自动继续。",
    anyway: "仍然继续",
    word: "你已离线。一有网络，页面就会自动继续。",
    talking: "你已离线。如果网络很快恢复，聊天会继续。",
    back: "网络恢复了。",
  },

  gate: {
    title: "有人正路过这里",
    lead: "你和一位随机遇到的陌生人，从浏览器到浏览器，直接聊天。没有账号，没有记录，中间也不留副本。",
    cardTitle: "进来之前",
    address: "对方的浏览器会知道你的网络地址（IP）。对方可以录下你说的话。",
    addressHidden: "对方不会知道你的网络地址（IP）。对方可以录下你说的话。",
    addressMore:
      "聊天只在你们两人之间直接进行，所以没有别人保存它。这也意味着：不会对街上的陌生人说的话，在这里也不要说。",
    adult: "我已年满 18 岁。",
    agree: "我同意使用条款。",
    termsTitle: "条款要点",
    terms: [
      "仅限成年人。如果你未满 18 岁，请离开。如果对方看起来未满 18 岁，请举报并离开。",
      "不得有违法内容、威胁、骚扰、仇恨、垃圾信息或诈骗。",
      "不要公开陌生人告诉你的事，也不要去打听对方是谁。",
      "违反规则的人可能在一段时间内无法进入。这里没有账号，所以也没有别的可失去。",
    ],
    fullTerms: "条款全文",
    noRelay: "在这里无法隐藏你的地址：本服务器没有为此提供中继。",
    enter: "进入",
    untouched: "在你进入之前，不会连接任何地方。",
  },

  lobby: {
    title: "今天会遇见谁？",
    lead: "你的名字只会告诉对方，不会发给服务器。关闭页面后就会被忘记。",
    nickname: "你今天的名字",
    another: "换个名字",
    nicknameMissing: "先起个名字吧，最多 32 个字符。",
    tags: "你喜欢的话题",
    tagsHint: "最多五个。先找有相同话题的人，再找其他人。",
    tagsFull: "已经有五个了。要加新的，请先去掉一个。",
    tagsAdd: "添加",
    languages: "你会说的语言",
    languagesAdd: "添加语言…",
    remove: (what) => `去掉“${what}”`,
    relay: "隐藏我的网络地址",
    relayHint: "只通过本服务器的中继聊天，对方就不会知道你的地址。会稍慢一些。",
    relayPreset: "这是本服务器运营者的建议。",
    relayNone: "这里无法隐藏：本服务器没有中继，对方会知道你的网络地址。",
    start: "开始",
    counting: "看看有谁在…",
    few: "这里有几个人。",
    count: (here, talking) =>
      talking === 0
        ? `这里大约有 ${number(here)} 人。`
        : `这里大约有 ${number(here)} 人，其中 ${number(talking)} 人正在聊天。`,
    connecting: "正在连接大厅…",
    unreachable: "连不上大厅，正在重试…",
    restarting: "服务正在重启，请稍等…",
    waitingForWelcome: "正在等大厅回应…",
    refusedTitle: "现在暂时进不了大厅",
    refused: (time) => `来自你所在网络的人太多，或者该网络暂时被禁止进入。${time}会自动重试。`,
    limitedTitle: "稍停一下",
    limited: (time) => `这个页面一下子发得太多，大厅接不过来。什么都没有丢失，${time}会自动重新连接。`,
    noRelayTitle: "这里没有中继",
    noRelay: "本服务器没有中继，无法对陌生人隐藏你的网络地址。目前没有告诉任何人。要直接聊天，请关闭此选项。",
    aloneTitle: "这次没遇上",
    alone: "你们没能及时找到彼此：很可能对方没有提出。对方不会知道你提出过。",
    relayRefusedTitle: "中继不让任何人进入",
    relayRefused:
      "本服务器的中继没有接受你浏览器的凭据：凭据已过期，或者服务器设置有误。对方没有得到你的任何地址。请稍后再试；如果一直这样，请告诉本服务器的运营者，或关闭此选项直接聊天。",
    relayUnreachableTitle: "中继没有回应",
    relayUnreachable:
      "你的网络或某个故障使浏览器无法连上本服务器的中继。对方没有得到你的任何地址。请稍后再试，换个网络，或关闭此选项直接聊天。",
    noWishTitle: "没有成功",
    noWish: "你的浏览器没能准备好连接。请关闭其他正在使用连接的通话或标签页，然后再试。",
  },

  waiting: {
    title: "正在帮你找人",
    lead: "只要有另一个人也在找，就会把你们连在一起。你可以一直开着这个页面。",
    long: "现在比较安静。你的位置一直留着，随时都有人来来往往。",
    tags: "先找有相同话题的人，再找其他人。",
    failing: "找到了人，但没能直接连上。有些网络不允许直接连接，换一个网络也许可以。",
    busy: (time) => `现在找人的很多。${time}轮到你。`,
    slow: (time) => `稍停一下：短时间内遇到的人太多了。${time}会自动继续。`,
    stamp: (time) => `大厅很拥挤，只能慢慢放人进来。${time}会重试。`,
    pause: (time) => `稍停一下。${time}会自动继续。`,
    proving: (percent) =>
      percent < 100
        ? `正在证明你不是程序：门口人很多，所以你的浏览器要先解一道小题。通常的计算量已完成 ${number(percent)}%。`
        : "正在证明你不是程序：这道题比通常的稍久一点，有时会这样。不会太久了。",
    usual: (time) => `最近，大多数人在${time}内就找到了人。`,
    elapsed: (time) => `已经找了 ${time}`,
    cancel: "取消",
  },

  again: {
    ask: "和刚才那位再聊聊",
    left: (time) => `只有双方都提出才行，还剩${time}。你提出了，对方也不会知道。`,
    title: "正在等刚才那位",
    lead: (time) => `如果对方也提出，你们就能再聊一次，还剩${time}。对方不会知道你提出过。`,
  },

  connecting: {
    title: "找到了，正在连接…",
    lead: "两个浏览器正在寻找通向彼此的路。只要片刻，最多几秒钟。",
  },

  talk: {
    with: "正在聊天的人：",
    log: "聊天内容",
    me: "你",
    connected: "已连接",
    relayed: "中继",
    relayedHint: "经由本服务器的中继。",
    directly: "直连",
    directlyHint: "从浏览器到浏览器，不经过中继。",
    roundTrip: (ms) => `${number(ms)} 毫秒`,
    roundTripHint: "一句话一去一回所需的时间。",
    hidden: "对方不会知道你的网络地址。",
    goDirect: "改为直连…",
    closed: "聊天已结束",
    reconnecting: "正在重新连接…",
    reconnectingMore: "你写的内容会留着，一连上就发送。",
    mended: "又连上了。",
    common: "你们都喜欢",
    commonNone: "没有共同话题：随便问点什么吧。",
    box: "你的消息",
    placeholder: "友善的话…",
    send: "发送",
    newLine: "Enter 发送，Shift 加 Enter 换行。",
    left: (count) =>
      count >= 0 ? plural(count, { other: "还可输入 # 个字符" }) : plural(-count, { other: "超出 # 个字符" }),
    ticks: { sent: "发送中", arrived: "已送达", failed: "未送达" },
    typing: (stranger) => `${stranger} 正在输入…`,
    next: "下一位",
    stop: "结束",
    newer: "新消息",
    over: "一旦离开或换下一位，这段聊天就会消失。",
    notes: {
      here: (stranger) => `你遇见了 ${stranger}。打个招呼吧。`,
      left: (stranger) => `${stranger} 离开了。`,
      lost: (stranger) => `与 ${stranger} 的连接断开了。`,
      sight: () => "网络暂时看不到对方了。只要你们还能聊，就不用在意。",
      flood: () => "一下子来得太多，丢弃了一部分。",
      oversize: () => "收到的东西太大，已丢弃。",
      stray: () => "收到了没有预告的东西，已丢弃。",
      reported: () => "已举报，谢谢。",
      directAsked: (stranger) => `你希望直接聊天。等 ${stranger} 也愿意，就会切换。`,
      directWished: (stranger) => `${stranger} 希望直接聊天：这样更快，但你们会知道彼此的网络地址。`,
      direct: () => "现在你们直接聊天，不经过中继。",
    },
  },

  direct: {
    title: "要直接聊天吗？",
    lead: "对方会知道你的网络地址。这样更快，也不再经过中继。在这次聊天中无法改回来。",
    both: "对方也同意后才会切换。在那之前，谁也不会知道什么。",
    alone: "对方没有隐藏地址，所以会立刻切换。",
    go: "改为直连",
    asked: "你已提出直接聊天。对方也同意后就会切换。",
    wished: "对方已经提出了。",
    stay: "继续隐藏",
    close: "关闭",
  },

  report: {
    more: "举报或屏蔽",
    open: "举报…",
    title: "举报对方",
    lead: "没有人会看你的聊天：举报只说明原因，单凭一次举报不会让任何人被禁止进入。",
    what: "发生了什么？",
    reasons: {
      minor: "对方看起来未满 18 岁",
      sexual: "我不想要的性内容",
      harassment: "骚扰或欺凌",
      hate: "对某个群体的仇恨",
      spam: "垃圾信息或广告",
      scam: "诈骗：骗取钱财、验证码或密码",
      threat: "暴力威胁",
      other: "其他",
    },
    alsoLeave: "同时屏蔽并离开",
    also: "同时屏蔽",
    alsoHint: "只要你们都还在这里，就不会再被配到一起。对方只会知道你离开了。",
    send: "举报",
    cancel: "取消",
    done: "已举报，谢谢。",
    late: "这次聊天结束太久，已经被忘记，无法再举报。",
    close: "关闭",
    blockAndLeave: "屏蔽并离开",
    block: "屏蔽",
    blockHint: "只要你们都还在这里，就不会再被配到一起。",
  },

  parted: {
    title: "你们不会再遇到了",
    reported: "已举报，谢谢。没有人看过聊天内容，它也已从这个页面消失。",
    lead: "在你们都还在这里期间有效。对方只知道你离开了。",
    next: "下一位",
    stop: "回大厅",
  },

  hint: {
    lost: "正在重新连接大厅…",
    lostTalking: "正在重新连接大厅… 你的聊天不受影响。",
    down: "服务正在重启。你的位置还留着。",
    downTalking: "服务正在重启。你的聊天不受影响。",
    refused: (time) => `现在暂时进不了大厅。${time}会重试。`,
    limited: (time) => `一下子发得太多，大厅接不过来。你的位置还留着，${time}会重新连接。`,
    limitedTalking: (time) => `一下子发得太多，大厅接不过来。${time}会重新连接，你的聊天不受影响。`,
    stale: "这个页面有了新版本，会在聊天结束后加载。",
  },

  alarm: {
    title: "你们中间可能有人",
    lead: "关于这个连接，对方浏览器所说的与服务器告诉你的不一致。在其他内容被读取之前，聊天已经中止。",
    list: [
      "不要相信这次聊天中说过的任何话，也不要转发其中的任何内容。",
      "如果再次发生，请不要使用本服务器，并告诉它的运营者。",
      "如果你用的是别人的网络，换一个网络会有帮助。",
    ],
    back: "回到大厅",
  },

  banned: {
    title: "你暂时不能进入",
    kickTitle: "暂时断开了连接",
    lead: (reason) => `原因：${reason}。`,
    until: (time, clock) => `${time}（${clock}）解除。`,
    kickUntil: (time) => `${time}可以回来。`,
    ended: "时间到了，可以回来了。",
    maybe: "这可能是个误会。判断依据是网络地址，而许多人可能共用同一个地址：在学校、咖啡馆，或使用同一家手机运营商。",
    code: "如果你觉得弄错了，请把这个代码告诉本服务器的运营者：",
    contact: "联系方式：",
    noContact: "运营者没有留下联系方式。",
    copy: "复制代码",
    copied: "已复制。",
    notCopied: "浏览器不允许复制。请自己选中并复制。",
    again: "重试",
    reasons: {
      pace: "在太短的时间内操作太多",
      skips: "遇到的人几乎都被立刻跳过",
      silence: "遇到的人没有一个得到回应",
      protocol: "发送了这个页面绝不会发送的东西",
      rhythm: "操作像机器一样有规律",
      reports: "有多位陌生人举报了所发生的事",
      operator: "本服务器的运营人员作出了这个决定",
      minor: "有人工查看了举报：这里可能有未成年人处于危险之中",
    },
    otherReason: "有些行为不符合本服务器的规则",
  },

  reload: {
    title: "有新版本了",
    lead: "服务已更新，而这个页面还是旧的。请重新加载后继续。",
    reload: "重新加载",
  },

  newer: {
    lead: "有新版本了。",
    load: "加载",
  },

  attention: {
    met: "有人来了。",
    wrote: "有新消息。",
    calls: "有来电。",
  },

  unsupported: {
    insecure: {
      title: "这个地址不安全",
      lead: "页面是通过普通 http 打开的，浏览器会因此关闭加密聊天所需的功能。",
      list: [
        "请用 `https://` 开头的地址打开同一个页面。",
        "在运行它的电脑上，也可以用 `http://localhost`。",
        "要在自己网络里的手机上试用，请用 `passerby up --tls` 启动。",
      ],
    },
    webrtc: {
      title: "这个浏览器无法直接连接",
      lead: "没有 WebRTC，或者它被关闭了，所以你的浏览器无法通向陌生人的浏览器。",
      list: [
        currentBrowser,
        "有些隐私扩展和应用内置的浏览器会关闭 WebRTC：请为这个页面允许它，或在你常用的浏览器里打开。",
      ],
    },
    crypto: {
      title: "这个浏览器无法加密消息",
      lead: "缺少加密功能；没有它，途中的任何人都能看到怎样连接到你。",
      list: [currentBrowser],
    },
    websocket: {
      title: "这个浏览器连不上大厅",
      lead: "没有 WebSocket，或者它被关闭了。",
      list: [currentBrowser],
    },
  },
};
