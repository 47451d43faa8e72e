"""Every screen is for everybody: by axe-core, and by what axe-core cannot see.

Each is opened once a language, and looked at in every way then. The languages: the source, in which all is looked at;
one that runs from right to left; one with another script; and one with long words, whose letters are large at once.
"""

from typing import Final

import pytest
from playwright.async_api import Page

from tests.screens import axe, fits, senses
from tests.screens.gallery import Gallery, Look, Screen, told

CHECKS: Final[dict[str, tuple[Look, ...]]] = {
    "en": (
        senses.stays_still,
        axe.keeps_the_rules,
        fits.fits_from_narrow_to_wide,
        fits.fits_fingers,
        senses.shows_in_forced_colours,
    ),
    "ar": (axe.keeps_the_rules_on_a_phone, fits.fits_from_narrow_to_wide),
    "hi": (axe.keeps_the_rules_on_a_phone,),
}

LARGE_LETTERS: Final = "--blink-settings=defaultFontSize=32"
"""As somebody sets it who does not see well: rem and the widths that are told in it follow."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", CHECKS)
async def test_every_screen_is_for_everybody(language: str) -> None:
    async with Gallery.open() as gallery:
        wrong = await gallery.visit(
            gallery.places(language), *CHECKS[language], script=axe.SOURCE, reduced_motion="reduce"
        )
    assert not wrong, told(wrong)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["de", "ar"])
async def test_letters_may_be_twice_as_large(language: str) -> None:
    async with Gallery.open(LARGE_LETTERS) as gallery:
        wrong = await gallery.visit(gallery.places(language), fits.fits_large_letters, reduced_motion="reduce")
    assert not wrong, told(wrong)


async def test_motion_is_seen_where_there_is_some() -> None:
    """Else it would be no news that nothing moves for who has asked for that."""
    async with Gallery.open() as gallery:
        wrong = await gallery.visit([Screen("waiting", "en"), Screen("talk", "en")], _moves)
    assert len(wrong) == 2, told(wrong)


async def _moves(page: Page) -> list[tuple[str, str]]:
    return [("", f"{page.url}: it moves") for _ in (await senses.moving(page))[:1]]
