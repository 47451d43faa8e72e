// Chinese, the words around advertisements.

import type { AdsTexts } from "../en/ads";

export const ads: AdsTexts = {
  title: "这里可以显示广告吗？",
  lead: (host) =>
    `这台服务器留有一个广告位：只在大厅里和聊天结束后出现，聊天过程中绝不出现。广告来自 ${host} 及其合作方。`,
  facts: [
    "未经你允许，不会加载任何广告；没有广告，一切照常可用。",
    "投放广告的一方会知道你的网络地址（IP），并可能在广告自己的框架里保存 Cookie。",
    "广告看不到这个页面、你的名字，也看不到聊天中的任何内容。",
  ],
  allow: "允许广告",
  refuse: "不要广告",
  kept: "你的回答保存在这个浏览器里，随时可以在这里更改。",
  label: "广告",
  from: (host) => `来自 ${host} 的广告`,
  removed: "广告抢占了键盘，已被移除。",
  off: "按你的选择，没有广告。",
  change: "更改",
  choice: "广告",
};
