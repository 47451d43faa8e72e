"""The legal pages are for everybody, too: each of them, in each language that they have."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from broker.engines.entrance.page import Page as Files
from passerby.legal.pages import legal_pages
from passerby.page import find_page
from passerby.settings import Settings
from tests.journeys.browsers import launched
from tests.screens import axe, fits, senses
from tests.screens.gallery import Visitors, served, told


@dataclass(frozen=True, slots=True)
class Document:
    path: str
    ready: ClassVar[str] = "h1"

    def __str__(self) -> str:
        return self.path


@pytest.mark.timeout(900)
async def test_every_legal_page_is_for_everybody() -> None:
    folder = find_page()
    assert folder is not None, "the page is not built: `make test` builds it"
    documents = legal_pages(Settings(operator="The Night Owls of Linz", contact="owls@passerby.example"), folder)
    assert documents
    async with served(Files(folder, documents)) as url, launched() as browser:
        wrong = await Visitors(browser, url).visit(
            [Document(path) for path in documents],
            axe.keeps_the_rules,
            fits.fits_from_narrow_to_wide,
            fits.fits_fingers,
            senses.shows_in_forced_colours,
            script=axe.SOURCE,
            reduced_motion="reduce",
        )
    assert not wrong, told(wrong)
