"""axe-core in an open page: which rules of accessibility it breaks, and how that is told.

Its source is given to the page by the browser's driver, before anything else runs there: as a script of the page's own
it would be refused by the content security policy.
"""

from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

from playwright.async_api import Page

from tests.screens.gallery import DESKTOP, PHONE

SOURCE: Final = (Path(__file__).parents[2] / "webclient" / "node_modules" / "axe-core" / "axe.min.js").read_text()

_THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_SIZES: Final = {"phone": PHONE, "desktop": DESKTOP}
_TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN: Final = """
async (tags) => {
  const { violations } = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false, elementRef: false,
  });
  return violations;
}
"""


async def keeps_the_rules(page: Page) -> list[tuple[str, str]]:
    """Give the rules that a page breaks, to which `SOURCE` was given: by day and at night, on a phone and a desktop."""
    broken: list[tuple[str, str]] = []
    for theme, (size, (width, height)) in product(_THEMES, _SIZES.items()):
        await page.emulate_media(color_scheme=theme)
        await page.set_viewport_size({"width": width, "height": height})
        # What stays at the lower end of a phone is in its own place there, and covers nothing.
        await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        violations: list[dict[str, Any]] = await page.evaluate(_RUN, list(_TAGS))
        broken += [(f"{theme}, {size}", _told(rule, node)) for rule in violations for node in rule["nodes"]]
    return broken


def _told(rule: dict[str, Any], node: dict[str, Any]) -> str:
    """Tell the rule, the element, and how to mend it."""
    target = " ".join(map(str, node["target"]))
    mend = node["failureSummary"].replace("\n", "\n  ")
    return f"{rule['id']}: {rule['help']}\n  element: {target}\n  {mend}\n  {rule['helpUrl']}"
