"""Whether an open screen fits: nothing wider than the window, nothing cut off, all as large as a finger needs."""

from typing import Final

from playwright.async_api import Page

from tests.screens.gallery import PHONE

NARROW: Final = (320, 640)
WIDE: Final = (3840, 2160)

FINGER_PX: Final = 24
"""WCAG 2.2, 2.5.8: the least that a control may measure each way."""

_SPILLED: Final = r"""
() => {
  const width = document.documentElement.clientWidth;
  const found = [];
  const name = (element) => element.tagName.toLowerCase() + [...element.classList].map((each) => "." + each).join("");
  if (document.documentElement.scrollWidth > width)
    found.push(`the page is ${document.documentElement.scrollWidth} wide`);

  // What is cut on purpose says so: with an ellipsis, as the whole of it is told elsewhere; or it can be scrolled.
  const clips = (style) => !["visible", "auto", "scroll"].includes(style.overflowX);
  const cutBy = (element, rect) => {
    for (let box = element; box && box !== document.documentElement; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.position === "fixed") return undefined;
      if (style.textOverflow === "ellipsis" || ["auto", "scroll"].includes(style.overflowX)) return undefined;
      const frame = box.getBoundingClientRect();
      if (clips(style) && (rect.left < frame.left - 1 || rect.right > frame.right + 1)) return box;
    }
    return rect.left < -1 || rect.right > width + 1 ? document.body : undefined;
  };
  const hidden = (element) => element.closest(".visually-hidden, [aria-hidden=true]") ||
    getComputedStyle(element).clipPath !== "none" || !element.checkVisibility({ visibilityProperty: true });

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement;
    if (text.data.trim() === "" || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const rect of range.getClientRects()) {
      const box = rect.width > 1 && cutBy(element, rect);
      if (!box) continue;
      found.push(`“${text.data.trim().slice(0, 40)}” in ${name(element)} is cut off by ${name(box)}`);
      break;
    }
  }
  for (const element of document.querySelectorAll("button, input, select, textarea, a, summary")) {
    const rect = element.getBoundingClientRect();
    if (rect.width > 0 && !hidden(element) && cutBy(element.parentElement, rect))
      found.push(`${name(element)} (${element.ariaLabel ?? element.textContent.trim().slice(0, 40)}) is cut off`);
  }
  return found;
}
"""

_SMALL: Final = r"""
(least) => {
  const controls = "button, input, select, textarea, summary, a[href], [role=button], [tabindex='0']";
  const found = [];
  for (const element of document.querySelectorAll(controls)) {
    const seen = element.checkVisibility({ visibilityProperty: true });
    if (!seen || getComputedStyle(element).clipPath !== "none") continue;
    // A label is pressed for its control, and a link within a sentence is as high as its line.
    const rects = [element, element.closest("label") ?? element].map((each) => each.getBoundingClientRect());
    const [width, height] = ["width", "height"].map((side) => Math.max(...rects.map((rect) => rect[side])));
    const inText = element.matches("a") && getComputedStyle(element).display === "inline" &&
      element.parentElement.textContent.trim() !== element.textContent.trim();
    if ((width < least || height < least) && !inText)
      found.push(`${element.tagName.toLowerCase()}.${element.className} “${
        element.ariaLabel ?? element.textContent.trim().slice(0, 40)}” is ${width.toFixed(0)} by ${height.toFixed(0)}`);
  }
  return found;
}
"""


async def fits_from_narrow_to_wide(page: Page) -> list[tuple[str, str]]:
    """Give what is cut off on the narrowest phone, and on the widest screen."""
    return [*await _spilled(page, NARROW), *await _spilled(page, WIDE)]


async def fits_large_letters(page: Page) -> list[tuple[str, str]]:
    """Give what is cut off on the narrowest phone, whose owner has set letters twice as large."""
    size: float = await page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert size >= 32, f"the letters are {size} px"
    return await _spilled(page, NARROW)


async def fits_fingers(page: Page) -> list[tuple[str, str]]:
    """Give what is too small to be hit."""
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return [("", small) for small in await page.evaluate(_SMALL, FINGER_PX)]


async def _spilled(page: Page, size: tuple[int, int]) -> list[tuple[str, str]]:
    width, height = size
    await page.set_viewport_size({"width": width, "height": height})
    return [(f"{width} px", spilled) for spilled in await page.evaluate(_SPILLED)]
