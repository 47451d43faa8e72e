// Light, dark, or as the system has it: written on the page for the style sheet, and into what tells a browser the colour
// of its own bars.

import type { Choices } from "./choices";

export function showTheme(page: Document, theme: Choices["theme"]): void {
  const { dataset } = page.documentElement;
  if (theme) dataset.theme = theme;
  else delete dataset.theme;
  for (const meta of page.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    // The one for the other look keeps its colour, and is taken as long as nothing was chosen.
    meta.dataset.media ??= meta.getAttribute("media") ?? "";
    const { media } = meta.dataset;
    meta.setAttribute("media", theme === undefined ? media : media.includes(theme) ? "all" : "not all");
  }
}
