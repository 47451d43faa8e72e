"""Starts the chat: a stranger for it, one of the two faces, and one line where something breaks.

Whatever is raised in a talk may quote what was said in it. So nothing of it is ever printed but its kind.
"""

import asyncio
import ssl
import sys
from collections.abc import Callable

from passerby.chat import plain as lines
from passerby.chat.guest import Guest, Host, Make
from passerby.chat.state import Phase, Wishes
from passerby.trouble import Trouble
from stranger import Stranger
from stranger.news import News
from stranger.place import Place


def run(wishes: Wishes, place: Place, *, insecure: bool, plain: bool) -> None:
    """Chat until one leaves.

    Raises:
        Trouble: when the place cannot be reached, or something broke.
    """
    if insecure and place.tls:
        sys.stderr.write("passerby: nobody vouches for who is at the other end: --insecure takes any certificate\n")
    make = maker(place, trust(insecure=insecure))
    guest = asyncio.run(_lines(wishes, make) if plain else _app(wishes, make))
    if guest.broken is not None:
        raise Trouble(f"the chat broke ({guest.broken}); nothing of the talk was kept")
    if plain and guest.chat.phase is Phase.STOPPED:
        raise Trouble(guest.chat.stopped.rstrip("."))


def maker(place: Place, tls: ssl.SSLContext) -> Make:
    """Give what makes strangers for this place."""

    def make(nickname: str, watch: Callable[[News], None]) -> Host:
        return Stranger(place, nickname, watch=watch, tls=tls)

    return make


def trust(*, insecure: bool) -> ssl.SSLContext:
    """Decide which certificates are believed."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def _lines(wishes: Wishes, make: Make) -> Guest:
    for stream in (sys.stdin, sys.stdout):
        # Let no letter that this terminal does not have break anything.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    return await lines.chat(wishes, make, sys.stdin, sys.stdout)


async def _app(wishes: Wishes, make: Make) -> Guest:
    from passerby.chat.app import ChatApp

    app = ChatApp()
    guest = app.guest = Guest(wishes, make, app)
    async with guest.staying():
        await app.run_async()
    if app.broken is not None:
        guest.broken = app.broken
    return guest
