"""What a page shows and plays, asked for in any browser."""

import asyncio
from collections.abc import Callable
from typing import Final

from tests.journeys.people import Person

WITHIN_S: Final = 30.0

LAST_PICTURE = """(() => {
  const picture = [...document.querySelectorAll("[role=log] img")].at(-1);
  return picture?.complete ? [picture.naturalWidth, picture.naturalHeight] : undefined;
})()"""

# Played to its end, which may be over before anybody looks: the farthest that each came.
PLAYED = """
window.played = [];
addEventListener("ended", ({ target }) => window.played.push(target.currentTime), true);
"""


async def until(person: Person, expression: str, fits: Callable[[object], bool]) -> None:
    found: object = None
    try:
        async with asyncio.timeout(WITHIN_S):
            while not fits(found := await person.window.evaluate(expression)):
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{person.nickname}: {found} of {expression}") from None


def elapsed_s(seconds: float) -> Callable[[object], bool]:
    """Fit once so much time has passed in the page."""
    first: list[float] = []

    def fits(now: object) -> bool:
        assert isinstance(now, int | float)
        first.append(float(now))
        return now - first[0] >= seconds * 1_000

    return fits
