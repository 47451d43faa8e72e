// What the operator of this server has to say before anything is contacted. The server writes it into the page, as data.

import { isSite, type Site } from "./wire";

const NOTHING_SAID: Site = { relay: "none" };

export function readSite(page: Document): Site {
  try {
    const said: unknown = JSON.parse(page.getElementById("site")?.textContent ?? "");
    return isSite(said) ? said : NOTHING_SAID;
  } catch {
    return NOTHING_SAID;
  }
}
