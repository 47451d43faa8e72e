// Hindi, the words of what a talk can do beyond text.

import type { ExtraTexts } from "../en/extras";
import { bytesIn } from "../grammar";

type Gone = Parameters<ExtraTexts["parcels"]["gone"]>;

const bytes = bytesIn("hi");
/** Both feminine, so that one sentence fits either. */
const noun: Record<Gone[1], string> = { image: "तस्वीर", voice: "वॉइस रिकॉर्डिंग" };

const check: ExtraTexts["check"] = {
  open: "कनेक्शन जाँचें",
  title: "क्या आप दोनों के बीच कोई है?",
  lead: "अजनबी को भी चार शब्द दिखते हैं। अगर वे वही हैं, और उसी क्रम में, तो आपके दोनों ब्राउज़रों के बीच कोई नहीं बैठा।",
  how: "इन्हें आवाज़ या वीडियो से, या किसी और माध्यम से मिलाएँ: बीच में बैठा कोई व्यक्ति लिखे हुए को बदल सकता है।",
  limit: "ये नहीं बताते कि अजनबी कौन हैं, न यह कि उनकी ओर से रिकॉर्डिंग नहीं हो रही।",
  numbers: "शब्द अंग्रेज़ी के हैं; जिनकी लिपि अलग-अलग हो, उनके लिए अंक शब्दों की जगह हैं।",
  coming: "बस एक पल: दोनों ब्राउज़र अभी शब्द तय कर रहे हैं।",
  missing:
    "इस बातचीत में जाँच के शब्द नहीं हैं: अजनबी के ब्राउज़र ने अपना हिस्सा नहीं भेजा, या वह रास्ते में खो गया। इसलिए कोई नहीं कह सकता कि बीच में कोई बैठा है या नहीं। ऐसा कुछ न बताएँ जिसके खुलने से आपको परेशानी हो।",
  close: "बंद करें",
};

const calls: ExtraTexts["calls"] = {
  voice: "वॉइस कॉल",
  video: "वीडियो कॉल",
  stage: (stranger) => `${stranger} के साथ कॉल`,

  asked: (stranger, video) =>
    video ? `${stranger} की ओर से वीडियो कॉल का अनुरोध` : `${stranger} की ओर से वॉइस कॉल का अनुरोध`,
  askedHint: "पहले आपको अपनी ही तस्वीर और आवाज़ मिलेगी। आपकी हाँ से पहले कुछ नहीं भेजा जाता।",
  open: "जवाब दें…",
  decline: "मना करें",

  preview: {
    title: (stranger) => `${stranger} को कॉल करें?`,
    answering: (stranger, video) =>
      video ? `वीडियो कॉल पर ${stranger} को आपका इंतज़ार है` : `वॉइस कॉल पर ${stranger} को आपका इंतज़ार है`,
    private: "यह सिर्फ़ आपको दिखता और सुनाई देता है।",
    kind: "कैसे",
    byVoice: "आवाज़",
    byVideo: "वीडियो",
    ring: (video) => (video ? "वीडियो कॉल करें" : "वॉइस कॉल करें"),
    accept: (video) => (video ? "वीडियो से जवाब दें" : "आवाज़ से जवाब दें"),
    acceptDark: "बिना तस्वीर जवाब दें",
    back: "अभी नहीं",
  },

  ringing: (stranger, video) =>
    video ? `${stranger} से वीडियो कॉल के लिए पूछा जा रहा है…` : `${stranger} से कॉल के लिए पूछा जा रहा है…`,
  ringingHint: "जवाब ना भी हो सकता है, या कुछ भी नहीं। चाहें तो लिखना जारी रखें।",
  cancel: "कॉल रद्द करें",

  joining: "कॉल जोड़ी जा रही है…",
  inCall: (stranger, video) => (video ? `${stranger} के साथ वीडियो कॉल जारी है।` : `${stranger} के साथ कॉल जारी है।`),
  hangUp: "कॉल काटें",
  mute: "माइक्रोफ़ोन बंद करें",
  unmute: "माइक्रोफ़ोन चालू करें",
  cameraOff: "कैमरा बंद करें",
  cameraOn: "कैमरा चालू करें",
  devices: "उपकरण चुनें",
  device: { audio: "माइक्रोफ़ोन", video: "कैमरा" },
  unnamed: (kind, nth) => (kind === "audio" ? `माइक्रोफ़ोन ${nth}` : `कैमरा ${nth}`),
  float: "पिक्चर-इन-पिक्चर",
  full: "पूरी स्क्रीन",
  leaveFull: "पूरी स्क्रीन से बाहर आएँ",
  smaller: "कॉल को छोटा करें",
  larger: "कॉल को बड़ा करें",
  tapToHear: "सुनने के लिए टैप करें",
  you: "आप",
  youMuted: "आपका माइक्रोफ़ोन बंद है।",

  theirs: (stranger, audio, video, picture) => {
    if (!audio && picture && !video) return `${stranger} का माइक्रोफ़ोन और कैमरा बंद हैं।`;
    if (!audio) return `${stranger} का माइक्रोफ़ोन बंद है।`;
    return picture && !video ? `${stranger} का कैमरा बंद है।` : "";
  },

  notes: {
    declined: (stranger) => `${stranger} को अभी कॉल पर बात नहीं करनी।`,
    unanswered: (stranger) => `${stranger} से जवाब नहीं मिला।`,
    withdrawn: (stranger) => `${stranger} की ओर से कॉल का अनुरोध अब नहीं है।`,
    missed: (stranger) => `${stranger} की कॉल का जवाब नहीं दिया गया।`,
    ended: (stranger) => `${stranger} की ओर से कॉल काटी गई। चाहें तो लिखना जारी रखें।`,
  },

  asking: "आपका ब्राउज़र पूछ रहा है कि यह पेज इसका इस्तेमाल कर सकता है या नहीं।",
  retry: "फिर कोशिश करें",
  trouble: {
    audio: {
      denied: "माइक्रोफ़ोन की अनुमति नहीं मिली। अनुमति ब्राउज़र के एड्रेस बार में दी जा सकती है।",
      none: "कोई माइक्रोफ़ोन नहीं मिला।",
      busy: "माइक्रोफ़ोन नहीं खुल रहा। शायद कोई और प्रोग्राम उसका इस्तेमाल कर रहा है।",
      unsupported: "यह ब्राउज़र इस पेज को माइक्रोफ़ोन नहीं देता।",
      lost: "माइक्रोफ़ोन निकाल दिया गया, या अब उपलब्ध नहीं है।",
    },
    video: {
      denied: "कैमरे की अनुमति नहीं मिली। अनुमति ब्राउज़र के एड्रेस बार में दी जा सकती है।",
      none: "कोई कैमरा नहीं मिला।",
      busy: "कैमरा नहीं खुल रहा। शायद कोई और प्रोग्राम उसका इस्तेमाल कर रहा है।",
      unsupported: "यह ब्राउज़र इस पेज को कैमरा नहीं देता।",
      lost: "कैमरा निकाल दिया गया, या अब उपलब्ध नहीं है।",
    },
  },
};

const parcels: ExtraTexts["parcels"] = {
  sendPicture: "तस्वीर भेजें",
  record: "वॉइस रिकॉर्डिंग भेजें",
  recordHint: "वॉइस रिकॉर्डिंग: शुरू और बंद करने के लिए टैप करें, या दबाए रखें और फिर छोड़ें",
  stopRecording: "रिकॉर्डिंग रोकें",
  recording: "रिकॉर्डिंग जारी",
  asking: "आपका ब्राउज़र पूछ रहा है कि वह सुन सकता है या नहीं…",
  review: "आपकी रिकॉर्डिंग",
  deleteNote: "मिटाएँ",
  sendNote: "भेजें",
  level: "आपकी आवाज़ का स्तर",
  preparing: "तस्वीर तैयार हो रही है…",
  dropHere: "तस्वीर के रूप में भेजने के लिए यहाँ छोड़ें",
  close: "बंद करें",

  tooMany: (limit) => `यह एक बार में बहुत ज़्यादा है। ज़्यादा से ज़्यादा ${limit} इंतज़ार में रह सकते हैं; बाक़ी नहीं भेजे गए।`,
  notSent: "भेजा नहीं जा सका: तस्वीरों और आवाज़ का रास्ता बंद है।",
  pictureTrouble: {
    type: "इस तरह सिर्फ़ तस्वीरें भेजी जा सकती हैं: JPEG, PNG, WebP, GIF या AVIF।",
    size: "यह तस्वीर बहुत बड़ी है।",
    unreadable: "आपका ब्राउज़र इस तस्वीर को पढ़ नहीं सकता।",
  },
  voiceTrouble: {
    denied: "ब्राउज़र को सुनने की अनुमति नहीं मिली। इसे पेज के पते के पास बदला जा सकता है।",
    none: "कोई माइक्रोफ़ोन नहीं मिला।",
    unsupported: "यह ब्राउज़र आवाज़ रिकॉर्ड नहीं कर सकता।",
    failed: "रिकॉर्डिंग नहीं हो पाई। शायद माइक्रोफ़ोन कहीं और इस्तेमाल हो रहा है।",
  },

  picture: (who, stranger) => (who === "me" ? "आपकी तस्वीर" : `${stranger} की भेजी तस्वीर`),
  covered: (stranger) => `${stranger} की भेजी तस्वीर, ढकी हुई`,
  show: "तस्वीर देखें",
  cover: "फिर से ढकें",
  enlarge: "बड़ा करके देखें",
  voice: (who, stranger) => (who === "me" ? "आपकी वॉइस रिकॉर्डिंग" : `${stranger} की वॉइस रिकॉर्डिंग`),
  play: (what) => `चलाएँ: ${what}`,
  pause: (what) => `रोकें: ${what}`,
  position: (what) => `${what} में स्थान`,
  of: (at, all) => `${all} में से ${at}`,

  going: (who, what, size) => `${noun[what]} ${who === "me" ? "भेजी जा रही है" : "आ रही है"}, ${bytes(size)}`,
  stopSending: "भेजना रोकें",
  stopReceiving: "न लें",

  gone: (who, what, why) => (who === "me" ? mine : theirs)[why](noun[what]),
};

type Sentences = Record<Gone[2], (it: string) => string>;

const mine: Sentences = {
  stopped: (it) => `आपने यह ${it} भेजना रोक दिया।`,
  size: (it) => `यह ${it} अजनबी के पेज के लिए बहुत बड़ी है।`,
  type: (it) => `अजनबी का ब्राउज़र इस तरह की ${it} नहीं दिखा सकता।`,
  unreadable: (it) => `अजनबी का ब्राउज़र यह ${it} नहीं पढ़ पाया।`,
  many: (it) => `एक बार में बहुत ज़्यादा: यह ${it} नहीं ली गई। थोड़ा रुककर फिर कोशिश करें।`,
  unwanted: (it) => `अजनबी ने यह ${it} नहीं ली।`,
  lost: (it) => `यह ${it} पहुँचने से पहले ही बातचीत ख़त्म हो गई।`,
  old: (it) => `नई चीज़ों की जगह बनाने के लिए यह ${it} हटा दी गई।`,
};

const theirs: Sentences = {
  ...mine,
  stopped: (it) => `अजनबी ने यह ${it} भेजना रोक दिया।`,
  size: (it) => `बहुत बड़ी ${it} अस्वीकार कर दी गई।`,
  type: (it) => `ऐसी ${it} अस्वीकार कर दी गई जिसका प्रकार यहाँ नहीं दिखाया जाता।`,
  unreadable: (it) => `ऐसी ${it} आई जिसे पढ़ा नहीं जा सकता।`,
  unwanted: (it) => `आपने यह ${it} नहीं ली।`,
};

export const extras: ExtraTexts = { check, calls, parcels };
