"""`passerby chat`: a talk from the terminal."""

from pathlib import Path
from typing import Annotated

import typer

URL = "URL"
HERE = "http://localhost:8080"


def chat(
    url: Annotated[
        str,
        typer.Argument(metavar=URL, help="Where to go: what one opens in a browser, or wss://HOST/mqtt."),
    ] = HERE,
    name: Annotated[
        str,
        typer.Option(help="What your stranger calls you, up to 32 letters; else you are asked.", show_default=False),
    ] = "",
    tag: Annotated[
        list[str] | None, typer.Option(help="A topic you like; again for more, up to five.", show_default=False)
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(help="A language you speak, as en or pt; again for more. Else those of your locale."),
    ] = None,
    hide: Annotated[
        bool, typer.Option("--hide", help="Hide your network address: talk only through the place's relay.")
    ] = False,
    save: Annotated[
        Path | None,
        typer.Option(
            help="The folder for pictures that you ask to keep; else you are asked.",
            metavar="DIR",
            file_okay=False,
            exists=True,
            writable=True,
        ),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Lines only: for screen readers, and for pipes.")] = False,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Accept a certificate that nobody vouches for, and say so.")
    ] = False,
) -> None:
    """Chat from the terminal with one stranger, who sits at a browser or at another terminal.

    You are told what to know first, and nothing is contacted before you say yes. Nothing of a talk is written anywhere;
    a picture or a voice note only when you ask for it, with /save. To try it alone: `passerby up` in another terminal,
    and its page in a browser.

    - passerby chat
    - passerby chat https://chat.example.org --name Ana --tag music --tag tea
    - passerby chat https://chat.example.org --language de --hide
    - passerby chat --plain

    In a talk, what you type is sent at Enter. /next parts and looks for somebody else, /words shows whether anybody
    sits between you, /image PATH sends a picture, /help tells the rest.

    Exit code 0: you left. 1: it could not be reached, or something broke. 2: it was called wrongly.
    """
    import os
    import random
    import sys

    from passerby import cells
    from passerby.chat import profile, shells
    from passerby.chat.state import Wishes
    from passerby.log import configure
    from stranger.place import Door, read

    configure("error", "console")
    try:
        place = read(url)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=URL) from None
    place = cells.found(place, insecure=insecure)
    wishes = Wishes(
        place=place.authority,
        suggestion=profile.suggested(random.random()),  # noqa: S311  a name is no secret
        name=_name(name),
        tags=profile.tidy_tags(tag or ()),
        languages=_languages(language) if language else profile.of_locale(dict(os.environ)),
        hide=hide,
        save=save,
        terms=f"{place.origin}/legal/en/terms" if place.door is Door.PAGE else "",
    )
    lines_only = plain or not (sys.stdin.isatty() and sys.stdout.isatty())
    shells.run(wishes, place, insecure=insecure, plain=lines_only)


def _name(typed: str) -> str:
    from passerby.chat.profile import NICKNAME_MOST, tidy_name

    if len(typed) > NICKNAME_MOST or (typed and not tidy_name(typed)):
        raise typer.BadParameter(f"a name has 1 to {NICKNAME_MOST} letters", param_hint="--name")
    return tidy_name(typed)


def _languages(typed: list[str]) -> tuple[str, ...]:
    from passerby.chat.profile import tidy_languages

    known = tidy_languages(typed)
    if not known:
        raise typer.BadParameter("a language is two or three letters, as en or pt (ISO 639)", param_hint="--language")
    return known
