// Japanese, the words around advertisements.

import type { AdsTexts } from "../en/ads";

export const ads: AdsTexts = {
  title: "ここに広告を表示してもよいですか？",
  lead: (host) =>
    `このサーバーには広告の場所があります。表示されるのはロビーと会話の後だけで、会話中には決して表示されません。広告は ${host} とその提携先から届きます。`,
  facts: [
    "許可がなければ広告は何も読み込まれません。広告がなくても、すべて同じように使えます。",
    "広告の送り手には、あなたのネットワークアドレス（IP）が伝わります。広告の枠の中で Cookie が保存されることもあります。",
    "広告からは、このページも、あなたの名前も、会話の内容も見えません。",
  ],
  allow: "広告を許可",
  refuse: "広告なし",
  kept: "回答はこのブラウザにだけ残り、ここでいつでも変更できます。",
  label: "広告",
  from: (host) => `${host} の広告`,
  removed: "広告がキーボードの入力を奪ったため、取り除きました。",
  off: "選択どおり、広告はありません。",
  change: "変更",
  choice: "広告",
};
