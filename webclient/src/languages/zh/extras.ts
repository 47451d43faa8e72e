// Chinese (Simplified), the words of what a talk can do beyond text.

import type { ExtraTexts } from "../en/extras";
import { bytesIn } from "../grammar";

type Gone = Parameters<ExtraTexts["parcels"]["gone"]>;

const bytes = bytesIn("zh");
/** Each with the word that counts it. */
const noun: Record<Gone[1], { it: string; counted: string }> = {
  image: { it: "图片", counted: "张图片" },
  voice: { it: "语音消息", counted: "条语音消息" },
};

const check: ExtraTexts["check"] = {
  open: "核对连接",
  title: "你们中间有人吗？",
  lead: "对方也会看到四个单词。如果单词相同、顺序也相同，你们两个浏览器之间就没有别人。",
  how: "请用语音、视频或其他渠道核对：中间若有人，文字可能会被改写。",
  limit: "它们不能说明对方是谁，也不能说明对方没有录下内容。",
  numbers: "单词是英文的；如果双方的文字不同，可以用数字代替单词。",
  coming: "请稍等：两个浏览器还在商定单词。",
  missing:
    "这次聊天没有核对词：对方的浏览器没有发来它的那一部分，或者途中丢失了。所以谁也无法判断你们中间是否有人。不想让别人知道的事，请不要说。",
  close: "关闭",
};

const calls: ExtraTexts["calls"] = {
  voice: "语音通话",
  video: "视频通话",
  stage: (stranger) => `与 ${stranger} 的通话`,

  asked: (stranger, video) => (video ? `${stranger} 想和你视频通话` : `${stranger} 想和你语音通话`),
  askedHint: "你会先看到和听到自己。在你同意之前，什么都不会发送。",
  open: "接听…",
  decline: "拒绝",

  preview: {
    title: (stranger) => `和 ${stranger} 通话吗？`,
    answering: (stranger, video) => (video ? `${stranger} 在等你视频通话` : `${stranger} 在等你语音通话`),
    private: "只有你能看到和听到。",
    kind: "通话方式",
    byVoice: "语音",
    byVideo: "视频",
    ring: (video) => (video ? "视频通话" : "语音通话"),
    accept: (video) => (video ? "视频接听" : "语音接听"),
    acceptDark: "不开画面接听",
    back: "暂时不要",
  },

  ringing: (stranger, video) => (video ? `正在邀请 ${stranger} 视频通话…` : `正在邀请 ${stranger} 通话…`),
  ringingHint: "对方可以拒绝，也可以不回应。你可以继续打字。",
  cancel: "取消通话",

  joining: "正在接通…",
  inCall: (stranger, video) => (video ? `正在与 ${stranger} 视频通话。` : `正在与 ${stranger} 通话。`),
  hangUp: "挂断",
  mute: "关闭麦克风",
  unmute: "打开麦克风",
  cameraOff: "关闭摄像头",
  cameraOn: "打开摄像头",
  devices: "选择设备",
  device: { audio: "麦克风", video: "摄像头" },
  unnamed: (kind, nth) => (kind === "audio" ? `麦克风 ${nth}` : `摄像头 ${nth}`),
  float: "画中画",
  full: "全屏",
  leaveFull: "退出全屏",
  smaller: "缩小通话窗口",
  larger: "放大通话窗口",
  tapToHear: "点按收听",
  you: "你",
  youMuted: "你的麦克风已关闭。",

  theirs: (stranger, audio, video, picture) => {
    if (!audio && picture && !video) return `${stranger} 的麦克风和摄像头已关闭。`;
    if (!audio) return `${stranger} 的麦克风已关闭。`;
    return picture && !video ? `${stranger} 的摄像头已关闭。` : "";
  },

  notes: {
    declined: (stranger) => `${stranger} 现在不想通话。`,
    unanswered: (stranger) => `${stranger} 没有接听。`,
    withdrawn: (stranger) => `${stranger} 取消了通话邀请。`,
    missed: (stranger) => `你没有接听 ${stranger} 的通话。`,
    ended: (stranger) => `${stranger} 挂断了。你们可以继续打字。`,
  },

  asking: "浏览器正在询问是否允许这个页面使用它。",
  retry: "重试",
  trouble: {
    audio: {
      denied: "麦克风未获允许。你可以在浏览器的地址栏里允许它。",
      none: "没有找到麦克风。",
      busy: "无法打开麦克风，可能有其他程序正在使用。",
      unsupported: "这个浏览器不向此页面提供麦克风。",
      lost: "麦克风被拔掉或无法再使用。",
    },
    video: {
      denied: "摄像头未获允许。你可以在浏览器的地址栏里允许它。",
      none: "没有找到摄像头。",
      busy: "无法打开摄像头，可能有其他程序正在使用。",
      unsupported: "这个浏览器不向此页面提供摄像头。",
      lost: "摄像头被拔掉或无法再使用。",
    },
  },
};

const parcels: ExtraTexts["parcels"] = {
  sendPicture: "发送图片",
  record: "录制语音消息",
  recordHint: "录制语音消息：点按开始和停止，或按住说话、松开结束",
  stopRecording: "停止录音",
  recording: "正在录音",
  asking: "浏览器正在询问是否可以使用麦克风…",
  review: "你录的语音",
  deleteNote: "删除",
  sendNote: "发送",
  level: "你的音量",
  preparing: "正在准备图片…",
  dropHere: "松开即可作为图片发送",
  close: "关闭",

  tooMany: (limit) => `一次太多了。最多 ${limit} 个可以排队，其余的没有发送。`,
  notSent: "无法发送：传图片和声音的通道已关闭。",
  pictureTrouble: {
    type: "这样只能发送图片：JPEG、PNG、WebP、GIF 或 AVIF。",
    size: "这张图片太大了。",
    unreadable: "你的浏览器无法读取这张图片。",
  },
  voiceTrouble: {
    denied: "浏览器未获准使用麦克风。你可以在页面地址旁更改。",
    none: "没有找到麦克风。",
    unsupported: "这个浏览器无法录音。",
    failed: "录音没有成功，可能有别的程序正在使用麦克风。",
  },

  picture: (who, stranger) => (who === "me" ? "你的图片" : `${stranger} 发来的图片`),
  covered: (stranger) => `${stranger} 发来的图片，已遮住`,
  show: "显示图片",
  cover: "重新遮住",
  enlarge: "放大查看",
  voice: (who, stranger) => (who === "me" ? "你的语音消息" : `${stranger} 发来的语音消息`),
  play: (what) => `播放${what}`,
  pause: (what) => `暂停${what}`,
  position: (what) => `${what}的播放位置`,
  of: (at, all) => `${at} / ${all}`,

  going: (who, what, size) => `${who === "me" ? "正在发送" : "正在接收"}${noun[what].it}，${bytes(size)}`,
  stopSending: "停止发送",
  stopReceiving: "不接收",

  gone: (who, what, why) => (who === "me" ? mine : theirs)[why](noun[what]),
};

type Sentences = Record<Gone[2], (noun: { it: string; counted: string }) => string>;

const mine: Sentences = {
  stopped: ({ counted }) => `你停止了发送这${counted}。`,
  size: ({ counted }) => `这${counted}对对方的页面来说太大了。`,
  type: ({ it }) => `对方的浏览器无法显示这种${it}。`,
  unreadable: ({ counted }) => `对方的浏览器无法读取这${counted}。`,
  many: ({ counted }) => `一次太多了：这${counted}没有被接收。请稍等片刻再试。`,
  unwanted: ({ counted }) => `对方没有接收这${counted}。`,
  lost: ({ counted }) => `这${counted}还没送达，聊天就结束了。`,
  old: ({ counted }) => `为了给新的腾出位置，这${counted}已被移除。`,
};

const theirs: Sentences = {
  ...mine,
  stopped: ({ counted }) => `对方停止了发送这${counted}。`,
  size: ({ counted }) => `已拒收一${counted}，因为太大了。`,
  type: ({ counted }) => `已拒收一${counted}，这里不显示这种类型。`,
  unreadable: ({ counted }) => `收到一${counted}，但无法读取。`,
  unwanted: ({ counted }) => `你没有接收这${counted}。`,
};

export const extras: ExtraTexts = { check, calls, parcels };
