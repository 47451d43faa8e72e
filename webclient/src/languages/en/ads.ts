// English, the words around advertisements. They load only where an operator has given somebody a place for them.

export const ads = {
  title: "May there be ads here?",
  lead: (host: string) =>
    `This server has a place for ads: in the lobby and after a talk, never during one. They would come from ${host} and those it works with.`,
  facts: [
    "Nothing of them is loaded unless you allow it, and everything works the same without.",
    "Whoever sends them learns your network address and may set cookies in the ad’s own frame.",
    "They cannot see this page, your name, or anything of a talk.",
  ],
  allow: "Allow ads",
  refuse: "No ads",
  kept: "Your answer stays in this browser, and you can change it here at any time.",
  label: "Advertisement",
  from: (host: string) => `Advertisement from ${host}`,
  removed: "The ad took hold of the keyboard, so it was removed.",
  off: "No ads, as you chose.",
  change: "Change",
  choice: "Ads",
};

export type AdsTexts = typeof ads;
