"""axe-core finds nothing on any screen: in three languages, by day and at night, on a phone and on a desktop."""

from collections.abc import Iterable
from itertools import product

import pytest
from playwright.async_api import Page

from tests.screens import axe
from tests.screens.gallery import DESKTOP, PHONE, Gallery, Place

SIZES = {"phone": PHONE, "desktop": DESKTOP}
THEMES = ("light", "dark")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["en", "ar", "hi"])
async def test_no_screen_breaks_a_rule(language: str) -> None:
    found: list[tuple[str, axe.Broken]] = []

    async def look(page: Page, place: Place) -> Iterable[str]:
        for theme, (size, (width, height)) in product(THEMES, SIZES.items()):
            await page.emulate_media(color_scheme=theme)
            await page.set_viewport_size({"width": width, "height": height})
            found.extend((f"{place}, {theme}, {size}", what) for what in await axe.broken(page))
        return ()

    async with Gallery.open() as gallery:
        complaints = await gallery.visit(
            look, gallery.places(language), init_script=axe.SOURCE, reduced_motion="reduce"
        )
    broken = axe.gather(found)
    assert not broken, f"{len(broken)} things to mend\n\n{axe.told(broken)}"
    assert complaints == []
