"""axe-core in an open page: which rules of accessibility it breaks, and how that is told.

Its source is given to the page by the browser's driver, before anything else runs there: as a script of the page's own
it would be refused by the content security policy.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

SOURCE: Final = (Path(__file__).parents[2] / "webclient" / "node_modules" / "axe-core" / "axe.min.js").read_text()

_TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN: Final = """
async (tags) => {
  const { violations } = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false, elementRef: false,
  });
  return violations;
}
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an element breaks, and how to mend it; hashed, so that the same in many looks is told once."""

    rule: str
    target: str
    mend: str
    more: str


async def broken(page: Page) -> list[Broken]:
    """Give what is broken in a page into whose context `SOURCE` was put."""
    violations: list[dict[str, Any]] = await page.evaluate(_RUN, list(_TAGS))
    return [
        Broken(f"{rule['id']}: {rule['help']}", " ".join(map(str, node["target"])), node["failureSummary"], rule["helpUrl"])
        for rule in violations
        for node in rule["nodes"]
    ]


def gather(found: Iterable[tuple[str, Broken]]) -> Mapping[Broken, list[str]]:
    """Sort by what is broken, with the looks in which it is."""
    by_rule: defaultdict[Broken, list[str]] = defaultdict(list)
    for where, what in found:
        by_rule[what].append(where)
    return by_rule


def told(found: Mapping[Broken, list[str]]) -> str:
    """Tell each once: the rule, the element, how to mend it, and where."""
    return "\n\n".join(
        f"{what.rule}\n  element: {what.target}\n  {what.mend.replace(chr(10), chr(10) + '  ')}\n  {what.more}\n"
        f"  on: {', '.join(places)}"
        for what, places in found.items()
    )
