"""Finds the cell of a deployment as a browser does: in what its page says before it contacts anything.

https://eu.chat.example.org/ ── GET / ──► <script id="site">{"cell": "eu", …} ──► the same place, in the cell eu
"""

import asyncio
import re
from dataclasses import replace
from typing import Final

import aiohttp
from pydantic import ValidationError

from broker.cells import NAMELESS, Cell
from broker.site import Site
from passerby.certificate import trust
from stranger.place import Door, Place

WITHIN_S: Final = 5.0

_SAID = re.compile(r'<script id="site" type="application/json">(.*?)</script>', re.DOTALL)


def found(place: Place, *, insecure: bool = False) -> Place:
    """Give the place with the cell that its page names.

    What names its cell, or has no page, stays as it is. So does what does not answer: who goes there will say why.
    """
    if place.door is not Door.PAGE or place.cell != NAMELESS:
        return place
    return replace(place, cell=told(asyncio.run(_page(place, insecure=insecure))))


def told(page: str) -> Cell:
    """Read the cell that a page names; the one without a name, if it names none or is no page of ours."""
    said = _SAID.search(page)
    if said is None:
        return NAMELESS
    try:
        return Cell(Site.model_validate_json(said[1]).cell or "")
    except ValidationError:  # of another version
        return NAMELESS


async def _page(place: Place, *, insecure: bool) -> str:
    timeout = aiohttp.ClientTimeout(total=WITHIN_S)
    connector = aiohttp.TCPConnector(ssl=trust(insecure=insecure))
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, connector=connector) as http,
            http.get(f"{place.origin}/") as answer,
        ):
            return await answer.text()
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        return ""
