"""axe-core in an open page: which rules of accessibility it breaks, and how that is told.

Its source is given to the page by the browser's driver, before anything else runs there: as a script of the page's own
it would be refused by the content security policy.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from playwright.async_api import Page

from tests.screens.gallery import DESKTOP, PHONE

SOURCE: Final = (Path(__file__).parents[2] / "webclient" / "node_modules" / "axe-core" / "axe.min.js").read_text()

_SIZES: Final = {"phone": PHONE, "desktop": DESKTOP}
_RULES: Final = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_COLOURS: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What the night can break: all else is the same by day."""
_RUN: Final = """
async (runOnly) => {
  const { violations } = await axe.run(document, {
    runOnly, resultTypes: ["violations"], preload: false, elementRef: false,
  });
  return violations;
}
"""


async def keeps_the_rules(page: Page) -> list[tuple[str, str]]:
    """Give the rules that a page breaks, to which `SOURCE` was given: by day and at night, on a phone and a desktop."""
    broken = [each for size in _SIZES for each in await _broken(page, "light", size, _RULES)]
    return broken + [each for size in _SIZES for each in await _broken(page, "dark", size, _COLOURS)]


async def keeps_the_rules_on_a_phone(page: Page) -> list[tuple[str, str]]:
    """Give the rules that a page breaks, to which `SOURCE` was given, on a phone: by day and at night."""
    return [*await _broken(page, "light", "phone", _RULES), *await _broken(page, "dark", "phone", _COLOURS)]


async def _broken(
    page: Page, theme: Literal["light", "dark"], size: str, rules: Mapping[str, object]
) -> list[tuple[str, str]]:
    width, height = _SIZES[size]
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size({"width": width, "height": height})
    # What stays at the lower end of a phone is in its own place there, and covers nothing.
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    violations: list[dict[str, Any]] = await page.evaluate(_RUN, rules)
    return [(f"{theme}, {size}", _told(rule, node)) for rule in violations for node in rule["nodes"]]


def _told(rule: dict[str, Any], node: dict[str, Any]) -> str:
    """Tell the rule, the element, and how to mend it."""
    target = " ".join(map(str, node["target"]))
    mend = node["failureSummary"].replace("\n", "\n  ")
    return f"{rule['id']}: {rule['help']}\n  element: {target}\n  {mend}\n  {rule['helpUrl']}"
