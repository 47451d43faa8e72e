"""Every screen fits: from the narrowest phone to the widest screen, and with letters twice as large."""

from collections.abc import Iterable
from typing import Final

import pytest
from playwright.async_api import Page

from tests.screens.gallery import PHONE, Gallery, Place

NARROW: Final = (320, 640)
WIDE: Final = (3840, 2160)

LANGUAGES: Final = ("en", "de", "ar")
"""The source, long words, and right to left."""

TWICE: Final = "--blink-settings=defaultFontSize=32"
"""As somebody sets it who does not see well: rem and the widths that are told in it follow."""

SPILLED: Final = r"""
() => {
  const width = document.documentElement.clientWidth;
  const found = [];
  const name = (element) => element.tagName.toLowerCase() + [...element.classList].map((each) => "." + each).join("");
  if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} wide`);

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
  for (const element of document.querySelectorAll("button, input, select, textarea, a, summary, img, video")) {
    const rect = element.getBoundingClientRect();
    if (rect.width > 0 && !hidden(element) && cutBy(element.parentElement, rect))
      found.push(`${name(element)} (${element.ariaLabel ?? element.textContent.trim().slice(0, 40)}) is cut off`);
  }
  return found;
}
"""

SMALL: Final = r"""
(least) => {
  const controls = "button, input, select, textarea, summary, a[href], [role=button], [tabindex='0']";
  const found = [];
  for (const element of document.querySelectorAll(controls)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".visually-hidden")) continue;
    // A label is pressed for its control, and a link within a sentence is as high as its line.
    const rects = [element, element.closest("label") ?? element].map((each) => each.getBoundingClientRect());
    const [width, height] = ["width", "height"].map((side) => Math.max(...rects.map((rect) => rect[side])));
    const inText = element.matches("a") && getComputedStyle(element).display === "inline" &&
      element.parentElement.textContent.trim() !== element.textContent.trim();
    if ((width < least || height < least) && !inText)
      found.push(`${element.tagName.toLowerCase()}.${element.className} “${
        element.ariaLabel ?? element.textContent.trim().slice(0, 40)}” is ${width.toFixed(0)}×${height.toFixed(0)}`);
  }
  return found;
}
"""


def at(*sizes: tuple[int, int]) -> dict[str, tuple[int, int]]:
    return {f"{width} px": (width, height) for width, height in sizes}


async def spilled(page: Page, place: Place, *sizes: tuple[int, int]) -> Iterable[str]:
    told: list[str] = []
    for name, (width, height) in at(*sizes).items():
        await page.set_viewport_size({"width": width, "height": height})
        told += [f"{place}, {name}: {what}" for what in await page.evaluate(SPILLED)]
    return told


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_cut_off_from_320_to_3840_pixels(language: str) -> None:
    async def look(page: Page, place: Place) -> Iterable[str]:
        return await spilled(page, place, NARROW, WIDE)

    async with Gallery.open() as gallery:
        told = await gallery.visit(look, gallery.places(language), reduced_motion="reduce")
    assert not told, "\n".join(told)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_cut_off_with_letters_twice_as_large(language: str) -> None:
    async def look(page: Page, place: Place) -> Iterable[str]:
        size = await page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        assert size >= 32, f"the letters are {size} px"
        return await spilled(page, place, NARROW)

    async with Gallery.open(TWICE) as gallery:
        told = await gallery.visit(look, gallery.places(language), reduced_motion="reduce")
    assert not told, "\n".join(told)


@pytest.mark.timeout(600)
async def test_everything_can_be_hit_with_a_finger() -> None:
    """WCAG 2.2, 2.5.8: at least 24 pixels each way."""

    async def look(page: Page, place: Place) -> Iterable[str]:
        return [f"{place}: {what}" for what in await page.evaluate(SMALL, 24)]

    async with Gallery.open() as gallery:
        told = await gallery.visit(
            look,
            gallery.places("en"),
            viewport={"width": PHONE[0], "height": PHONE[1]},
            has_touch=True,
            reduced_motion="reduce",
        )
    assert not told, "\n".join(told)
