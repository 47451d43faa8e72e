// Arabic (Modern Standard), the words of what a talk can do beyond text.

import type { ExtraTexts } from "../en/extras";
import { bytesIn, isolated } from "../grammar";

type Gone = Parameters<ExtraTexts["parcels"]["gone"]>;

const bytes = bytesIn("ar");
/** Both feminine, so that one sentence fits either. */
const noun: Record<Gone[1], { one: string; the: string }> = {
  image: { one: "صورة", the: "الصورة" },
  voice: { one: "رسالة صوتية", the: "الرسالة الصوتية" },
};

const check: ExtraTexts["check"] = {
  open: "التحقق من الاتصال",
  title: "هل بينكما أحد؟",
  lead: "يرى الطرف الآخر أربع كلمات أيضًا. إن كانت هي نفسها، بالترتيب نفسه، فلا أحد يقف بين متصفحيكما.",
  how: "قارنا بينها بالصوت أو بالفيديو، أو عبر قناة أخرى: فالنص قد يعيد كتابته من يقف بينكما.",
  limit: "وهي لا تقول مَن هو الطرف الآخر، ولا أنه لا يسجّل.",
  numbers: "الكلمات إنجليزية، والأرقام تنوب عنها لمن لا تجمعهما أبجدية واحدة.",
  coming: "لحظة: المتصفحان ما زالا يتفقان على الكلمات.",
  missing:
    "لا كلمات تحقق في هذه المحادثة: متصفح الطرف الآخر لم يرسل نصيبه منها، أو ضاع في الطريق. ولذلك لا يمكن لأحد أن يقول إن كان هناك من يقف بينكما. لا ينبغي قول شيء يضرّك أن يعرفه غيركما.",
  close: "إغلاق",
};

const calls: ExtraTexts["calls"] = {
  voice: "مكالمة صوتية",
  video: "مكالمة فيديو",
  stage: (stranger) => `مكالمة مع ${isolated(stranger)}`,

  asked: (stranger, video) =>
    video ? `طلب مكالمة فيديو من ${isolated(stranger)}` : `طلب مكالمة صوتية من ${isolated(stranger)}`,
  askedHint: "معاينة صورتك وصوتك لك وحدك أولًا. ولا يُرسل شيء قبل موافقتك.",
  open: "الرد…",
  decline: "رفض",

  preview: {
    title: (stranger) => `مكالمة مع ${isolated(stranger)}؟`,
    answering: (stranger, video) =>
      video ? `مكالمة فيديو من ${isolated(stranger)} في انتظارك` : `مكالمة صوتية من ${isolated(stranger)} في انتظارك`,
    private: "لا يرى هذا ولا يسمعه أحد سواك.",
    kind: "نوع المكالمة",
    byVoice: "صوت",
    byVideo: "فيديو",
    ring: (video) => (video ? "مكالمة فيديو" : "مكالمة صوتية"),
    accept: (video) => (video ? "الرد بالفيديو" : "الرد بالصوت"),
    acceptDark: "الرد دون صورة",
    back: "ليس الآن",
  },

  ringing: (stranger, video) =>
    video
      ? `في انتظار ردّ ${isolated(stranger)} على طلب مكالمة الفيديو…`
      : `في انتظار ردّ ${isolated(stranger)} على طلب المكالمة…`,
  ringingHint: "قد يأتي الرد بالرفض، وقد لا يأتي ردّ. يمكنك متابعة الكتابة.",
  cancel: "إلغاء المكالمة",

  joining: "جارٍ توصيل المكالمة…",
  inCall: (stranger, video) =>
    video ? `أنت في مكالمة فيديو مع ${isolated(stranger)}.` : `أنت في مكالمة مع ${isolated(stranger)}.`,
  hangUp: "إنهاء المكالمة",
  mute: "كتم الميكروفون",
  unmute: "إلغاء كتم الميكروفون",
  cameraOff: "إيقاف الكاميرا",
  cameraOn: "تشغيل الكاميرا",
  devices: "اختيار الأجهزة",
  device: { audio: "الميكروفون", video: "الكاميرا" },
  unnamed: (kind, nth) => (kind === "audio" ? `الميكروفون ${nth}` : `الكاميرا ${nth}`),
  float: "صورة داخل صورة",
  full: "ملء الشاشة",
  leaveFull: "الخروج من ملء الشاشة",
  smaller: "تصغير المكالمة",
  larger: "تكبير المكالمة",
  tapToHear: "لمسة للاستماع",
  you: "أنت",
  youMuted: "ميكروفونك مكتوم.",

  theirs: (stranger, audio, video, picture) => {
    if (!audio && picture && !video) return `ميكروفون ${isolated(stranger)} مكتوم، والكاميرا مطفأة.`;
    if (!audio) return `ميكروفون ${isolated(stranger)} مكتوم.`;
    return picture && !video ? `كاميرا ${isolated(stranger)} مطفأة.` : "";
  },

  notes: {
    declined: (stranger) => `لا رغبة لدى ${isolated(stranger)} في مكالمة الآن.`,
    unanswered: (stranger) => `لم يصل ردّ من ${isolated(stranger)}.`,
    withdrawn: (stranger) => `لم يعد هناك طلب مكالمة من ${isolated(stranger)}.`,
    missed: (stranger) => `فاتك الرد على ${isolated(stranger)}.`,
    ended: (stranger) => `أُنهيت المكالمة من جهة ${isolated(stranger)}. يمكنك متابعة الكتابة.`,
  },

  asking: "يسألك متصفحك هل يُسمح لهذه الصفحة باستخدام الجهاز.",
  retry: "إعادة المحاولة",
  trouble: {
    audio: {
      denied: "لم يُسمح باستخدام الميكروفون. يمكنك السماح به من شريط العنوان في متصفحك.",
      none: "لم يُعثر على ميكروفون.",
      busy: "تعذّر فتح الميكروفون. ربما يستخدمه برنامج آخر.",
      unsupported: "لا يتيح هذا المتصفح الميكروفون لهذه الصفحة.",
      lost: "فُصل الميكروفون، أو لم يعد متاحًا.",
    },
    video: {
      denied: "لم يُسمح باستخدام الكاميرا. يمكنك السماح بها من شريط العنوان في متصفحك.",
      none: "لم يُعثر على كاميرا.",
      busy: "تعذّر فتح الكاميرا. ربما يستخدمها برنامج آخر.",
      unsupported: "لا يتيح هذا المتصفح الكاميرا لهذه الصفحة.",
      lost: "فُصلت الكاميرا، أو لم تعد متاحة.",
    },
  },
};

const parcels: ExtraTexts["parcels"] = {
  sendPicture: "إرسال صورة",
  record: "تسجيل رسالة صوتية",
  recordHint: "تسجيل رسالة صوتية: لمسة للبدء وأخرى للإيقاف، أو ضغط مستمر ثم رفع الإصبع",
  stopRecording: "إيقاف التسجيل",
  recording: "جارٍ التسجيل",
  asking: "يسألك متصفحك هل يُسمح له بالاستماع…",
  review: "تسجيلك",
  deleteNote: "حذف",
  sendNote: "إرسال",
  level: "مستوى صوتك",
  preparing: "جارٍ تجهيز الصورة…",
  dropHere: "عند الإفلات تُرسَل صورةً",
  close: "إغلاق",

  tooMany: (limit) => `هذا كثير دفعة واحدة. الحد الأقصى في الانتظار: ${limit}. ولم يُرسل الباقي.`,
  notSent: "تعذّر الإرسال: الطريق المخصص للصور والصوت مغلق.",
  pictureTrouble: {
    type: "لا تُرسل هكذا إلا الصور: \u2066JPEG\u2069 أو \u2066PNG\u2069 أو \u2066WebP\u2069 أو \u2066GIF\u2069 أو \u2066AVIF\u2069.",
    size: "هذه الصورة كبيرة جدًا.",
    unreadable: "لا يستطيع متصفحك قراءة هذه الصورة.",
  },
  voiceTrouble: {
    denied: "لم يُسمح للمتصفح بالاستماع. يمكنك تغيير ذلك بجانب عنوان هذه الصفحة.",
    none: "لم يُعثر على ميكروفون.",
    unsupported: "لا يستطيع هذا المتصفح تسجيل الصوت.",
    failed: "لم ينجح التسجيل. ربما يستخدم شيء آخر الميكروفون.",
  },

  picture: (who, stranger) => (who === "me" ? "صورتك" : `صورة من ${isolated(stranger)}`),
  covered: (stranger) => `صورة من ${isolated(stranger)}، مغطاة`,
  show: "إظهار الصورة",
  cover: "تغطيتها من جديد",
  enlarge: "عرضها كبيرة",
  voice: (who, stranger) => (who === "me" ? "رسالتك الصوتية" : `الرسالة الصوتية من ${isolated(stranger)}`),
  play: (what) => `تشغيل ${what}`,
  pause: (what) => `إيقاف مؤقت: ${what}`,
  position: (what) => `الموضع في ${what}`,
  of: (at, all) => `${isolated(at)} من ${isolated(all)}`,

  going: (who, what, size) =>
    `${who === "me" ? "جارٍ إرسال" : "جارٍ استلام"} ${noun[what].one}، ${isolated(bytes(size))}`,
  stopSending: "إيقاف الإرسال",
  stopReceiving: "عدم الاستلام",

  gone: (who, what, why) => (who === "me" ? mine : theirs)[why](noun[what]),
};

type Sentences = Record<Gone[2], (it: { one: string; the: string }) => string>;

const mine: Sentences = {
  stopped: (it) => `أوقفت إرسال هذه ${it.the}.`,
  size: (it) => `هذه ${it.the} أكبر مما تقبله صفحة الطرف الآخر.`,
  type: (it) => `لا يستطيع متصفح الطرف الآخر عرض ${it.one} من هذا النوع.`,
  unreadable: (it) => `لم يتمكن متصفح الطرف الآخر من قراءة هذه ${it.the}.`,
  many: (it) => `كثير جدًا دفعة واحدة: لم تُستلم هذه ${it.the}. يمكنك المحاولة مجددًا بعد لحظة.`,
  unwanted: (it) => `لم يستلم الطرف الآخر هذه ${it.the}.`,
  lost: (it) => `انتهت المحادثة قبل وصول هذه ${it.the}.`,
  old: (it) => `أُزيلت هذه ${it.the} لإفساح المكان لما هو أحدث.`,
};

const theirs: Sentences = {
  ...mine,
  stopped: (it) => `أوقف الطرف الآخر إرسال هذه ${it.the}.`,
  size: (it) => `رُفضت ${it.one} لأنها كبيرة جدًا.`,
  type: (it) => `رُفضت ${it.one} من نوع لا يُعرض هنا.`,
  unreadable: (it) => `وصلت ${it.one} لا يمكن قراءتها.`,
  unwanted: (it) => `لم تُستلم هذه ${it.the} بطلب منك.`,
};

export const extras: ExtraTexts = { check, calls, parcels };
