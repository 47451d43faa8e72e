"""Whether an open screen heeds what its reader has asked the system for: their own colours, and nothing that moves."""

from typing import Any, Final

from playwright.async_api import Page

_UNSEEN: Final = r"""
async () => {
  const found = new Set();
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className} “${
    element.ariaLabel ?? element.textContent.trim().slice(0, 40)}”`;
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden");
  const lined = (style, what) => style[`${what}Style`] !== "none" && parseFloat(style[`${what}Width`]) >= 1;

  for (const button of document.querySelectorAll("button, input, select, textarea")) {
    const style = getComputedStyle(button);
    // What looks like words within a line is told from them by its line below.
    const underlined = [button, ...button.querySelectorAll("*")].some(
      (each) => getComputedStyle(each).textDecorationLine.includes("underline"));
    const drawn = style.appearance !== "none" && button.matches("input, select");
    const opaque = style.opacity !== "0";
    if (seen(button) && opaque && !drawn && !underlined && !lined(style, "borderTop"))
      found.add(`no border: ${name(button)}`);
  }
  // Of what can be focused, in a dialog only what is in it. A radio that is not chosen is reached by arrows.
  const within = document.querySelector("dialog[open]") ?? document;
  for (const element of within.querySelectorAll("button, input, select, textarea, summary, a[href], [tabindex='0']")) {
    if (!seen(element) || element.disabled) continue;
    element.focus();
    if (document.activeElement !== element) continue;
    // A switch that is drawn by what stands beside it, or a box by what is around it, shows the focus there.
    const near = [element, element.parentElement, element.nextElementSibling].filter((each) => each);
    const shown = near.map((each) => getComputedStyle(each)).some(
      (style) => lined(style, "outline") && style.opacity !== "0");
    if (!shown) found.add(`no sign of the focus: ${name(element)}`);
  }
  return [...found];
}
"""

_MOVING: Final = """
() => document.getAnimations().filter(({ playState }) => playState === "running").map(({ effect, animationName }) =>
  `${animationName ?? "a transition"} of ${effect.target.tagName.toLowerCase()}.${effect.target.className.baseVal ??
    effect.target.className}`)
"""


async def shows_in_forced_colours(page: Page) -> list[tuple[str, str]]:
    """Give what has no border of its own, and what does not show that it has the focus, where a palette is forced."""
    await page.emulate_media(forced_colors="active")
    await page.keyboard.press("Tab")  # from here on the focus is a keyboard's
    unseen: list[str] = await page.evaluate(_UNSEEN)
    await page.emulate_media(forced_colors="none")
    return [("forced colours", what) for what in unseen]


async def moving(page: Page) -> list[str]:
    """Give what is animated just now."""
    found: list[Any] = await page.evaluate(_MOVING)
    return [str(each) for each in found]


async def stays_still(page: Page) -> list[tuple[str, str]]:
    """Give what moves although it was asked not to."""
    await page.emulate_media(reduced_motion="reduce")
    return [("reduced motion", f"it moves: {what}") for what in await moving(page)]
