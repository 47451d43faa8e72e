// Japanese, the words of what a talk can do beyond text.

import type { ExtraTexts } from "../en/extras";
import { bytesIn } from "../grammar";

type Gone = Parameters<ExtraTexts["parcels"]["gone"]>;

const bytes = bytesIn("ja");
const noun: Record<Gone[1], string> = { image: "画像", voice: "ボイスメッセージ" };

const check: ExtraTexts["check"] = {
  open: "接続を確かめる",
  title: "二人のあいだに誰かいますか？",
  lead: "相手にも4つの単語が見えています。同じ単語が同じ順番で並んでいれば、二つのブラウザのあいだには誰もいません。",
  how: "声か映像、または別の手段で見比べてください。文字は、あいだにいる誰かに書き換えられるかもしれません。",
  limit: "相手が誰なのかや、相手が記録していないことまでは分かりません。",
  numbers: "単語は英語です。文字が違う二人のために、数字が単語の代わりになります。",
  coming: "少しお待ちください。二つのブラウザがまだ単語を決めています。",
  missing:
    "この会話には確認の単語がありません。相手のブラウザが自分の分を送らなかったか、途中で失われました。そのため、あいだに誰かがいるかどうかは誰にも分かりません。知られて困ることは話さないでください。",
  close: "閉じる",
};

const calls: ExtraTexts["calls"] = {
  voice: "音声通話",
  video: "ビデオ通話",
  stage: (stranger) => `${stranger}さんとの通話`,

  asked: (stranger, video) =>
    video ? `${stranger}さんがビデオ通話を希望しています` : `${stranger}さんが音声通話を希望しています`,
  askedHint: "まず自分の映像と音声を確かめられます。あなたが応じるまで、何も送られません。",
  open: "応答…",
  decline: "断る",

  preview: {
    title: (stranger) => `${stranger}さんと通話しますか？`,
    answering: (stranger, video) =>
      video ? `${stranger}さんがビデオ通話で待っています` : `${stranger}さんが音声通話で待っています`,
    private: "見聞きできるのはあなただけです。",
    kind: "通話の種類",
    byVoice: "音声",
    byVideo: "ビデオ",
    ring: (video) => (video ? "ビデオ通話" : "音声通話"),
    accept: (video) => (video ? "ビデオで応答" : "音声で応答"),
    acceptDark: "映像なしで応答",
    back: "今はしない",
  },

  ringing: (stranger, video) =>
    video ? `${stranger}さんにビデオ通話を申し込んでいます…` : `${stranger}さんに通話を申し込んでいます…`,
  ringingHint: "断られることも、返事がないこともあります。メッセージはそのまま書けます。",
  cancel: "通話をやめる",

  joining: "通話をつないでいます…",
  inCall: (stranger, video) => (video ? `${stranger}さんとビデオ通話中です。` : `${stranger}さんと通話中です。`),
  hangUp: "通話を終える",
  mute: "マイクをオフにする",
  unmute: "マイクをオンにする",
  cameraOff: "カメラをオフにする",
  cameraOn: "カメラをオンにする",
  devices: "機器を選ぶ",
  device: { audio: "マイク", video: "カメラ" },
  unnamed: (kind, nth) => (kind === "audio" ? `マイク${nth}` : `カメラ${nth}`),
  float: "ピクチャー・イン・ピクチャー",
  full: "全画面",
  leaveFull: "全画面を終える",
  smaller: "通話画面を小さくする",
  larger: "通話画面を大きくする",
  tapToHear: "タップして聞く",
  you: "あなた",
  youMuted: "マイクはオフです。",

  theirs: (stranger, audio, video, picture) => {
    if (!audio && picture && !video) return `${stranger}さんのマイクとカメラはオフです。`;
    if (!audio) return `${stranger}さんのマイクはオフです。`;
    return picture && !video ? `${stranger}さんのカメラはオフです。` : "";
  },

  notes: {
    declined: (stranger) => `${stranger}さんは、今は通話を望んでいません。`,
    unanswered: (stranger) => `${stranger}さんからの応答がありませんでした。`,
    withdrawn: (stranger) => `${stranger}さんは通話の申し込みを取り下げました。`,
    missed: (stranger) => `${stranger}さんの通話に応答しませんでした。`,
    ended: (stranger) => `${stranger}さんが通話を終えました。メッセージはそのまま書けます。`,
  },

  asking: "このページで使ってよいか、ブラウザがたずねています。",
  retry: "もう一度試す",
  trouble: {
    audio: {
      denied: "マイクが許可されませんでした。ブラウザのアドレスバーから許可できます。",
      none: "マイクが見つかりませんでした。",
      busy: "マイクを使えません。ほかのプログラムが使っているかもしれません。",
      unsupported: "このブラウザでは、このページでマイクを使えません。",
      lost: "マイクが抜かれたか、使えなくなりました。",
    },
    video: {
      denied: "カメラが許可されませんでした。ブラウザのアドレスバーから許可できます。",
      none: "カメラが見つかりませんでした。",
      busy: "カメラを使えません。ほかのプログラムが使っているかもしれません。",
      unsupported: "このブラウザでは、このページでカメラを使えません。",
      lost: "カメラが抜かれたか、使えなくなりました。",
    },
  },
};

const parcels: ExtraTexts["parcels"] = {
  sendPicture: "画像を送る",
  record: "ボイスメッセージを録音",
  recordHint: "ボイスメッセージを録音：タップで開始と停止、または押しているあいだ録音",
  stopRecording: "録音を止める",
  recording: "録音中",
  asking: "音声を聞いてよいか、ブラウザがたずねています…",
  review: "録音した音声",
  deleteNote: "削除",
  sendNote: "送る",
  level: "声の大きさ",
  preparing: "画像を準備しています…",
  dropHere: "ここで離すと画像として送られます",
  close: "閉じる",

  tooMany: (limit) => `一度に多すぎます。待てるのは${limit}件までで、残りは送られませんでした。`,
  notSent: "送れませんでした。画像と音声の通り道が閉じています。",
  pictureTrouble: {
    type: "送れるのは画像だけです（JPEG、PNG、WebP、GIF、AVIF）。",
    size: "画像が大きすぎます。",
    unreadable: "この画像はブラウザで読み取れません。",
  },
  voiceTrouble: {
    denied: "音声を聞くことが許可されませんでした。このページのアドレスの横で変更できます。",
    none: "マイクが見つかりませんでした。",
    unsupported: "このブラウザは録音できません。",
    failed: "録音できませんでした。ほかの何かがマイクを使っているかもしれません。",
  },

  picture: (who, stranger) => (who === "me" ? "自分の画像" : `${stranger}さんからの画像`),
  covered: (stranger) => `${stranger}さんからの画像（覆い付き）`,
  show: "画像を見る",
  cover: "また隠す",
  enlarge: "大きく見る",
  voice: (who, stranger) => (who === "me" ? "自分のボイスメッセージ" : `${stranger}さんからのボイスメッセージ`),
  play: (what) => `${what}を再生`,
  pause: (what) => `${what}を一時停止`,
  position: (what) => `${what}の再生位置`,
  of: (at, all) => `${at} / ${all}`,

  going: (who, what, size) => `${noun[what]}を${who === "me" ? "送信中" : "受信中"}（${bytes(size)}）`,
  stopSending: "送信をやめる",
  stopReceiving: "受け取らない",

  gone: (who, what, why) => (who === "me" ? mine : theirs)[why](noun[what]),
};

type Sentences = Record<Gone[2], (it: string) => string>;

const mine: Sentences = {
  stopped: (it) => `この${it}の送信をやめました。`,
  size: (it) => `この${it}は、相手のページには大きすぎます。`,
  type: (it) => `相手のブラウザは、この種類の${it}を表示できません。`,
  unreadable: (it) => `相手のブラウザは、この${it}を読み取れませんでした。`,
  many: (it) => `一度に多すぎたため、この${it}は受け取られませんでした。少し待って、もう一度お試しください。`,
  unwanted: (it) => `相手はこの${it}を受け取りませんでした。`,
  lost: (it) => `この${it}が届く前に、会話が終わりました。`,
  old: (it) => `新しいものに場所を空けるため、この${it}は削除されました。`,
};

const theirs: Sentences = {
  ...mine,
  stopped: (it) => `相手がこの${it}の送信をやめました。`,
  size: (it) => `大きすぎる${it}を断りました。`,
  type: (it) => `ここでは表示しない種類の${it}を断りました。`,
  unreadable: (it) => `読み取れない${it}が届きました。`,
  unwanted: (it) => `この${it}は受け取りませんでした。`,
};

export const extras: ExtraTexts = { check, calls, parcels };
