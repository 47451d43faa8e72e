"""`passerby echo`: a friendly bot for whoever tries Passerby alone."""

from typing import Annotated

import typer

URL = "URL"


def echo(
    url: Annotated[
        str,
        typer.Argument(metavar=URL, help="https://HOST of the page, or wss://HOST/mqtt of the broker's WebSocket."),
    ] = "http://localhost:8080",
    name: Annotated[str, typer.Option(help="What it is called; “ (a bot)” is always put behind it.")] = "Echo",
    talks: Annotated[
        int, typer.Option(min=1, max=20, help="How many people it talks with at once. One by one it takes them.")
    ] = 2,
    tag: Annotated[
        list[str] | None, typer.Option(help="A topic that it looks with; can be given up to five times.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Stop after one talk.")] = False,
    insecure: Annotated[bool, typer.Option("--insecure", help="Accept a certificate that nobody vouches for.")] = False,
) -> None:
    """Run a friendly bot that talks with whoever is alone at a deployment, so that one can try it by oneself.

    It says back what it is told, sends back pictures and voice notes, and makes up its own when asked. Its name ends in
    “(a bot)”, always. It keeps nothing, and never reports or blocks anybody.

    Nobody should meet it who could have met a person. It looks only while hardly anybody is here, and rests after each
    talk; `passerby up --with-echo` knows exactly who waits, and does better. So run this where few people are: for
    yourself, or at a deployment that is new.

    Ctrl-C stops it; it says goodbye to whom it talks with.
    """
    from passerby import announce, cells, running
    from passerby.certificate import trust
    from passerby.echo import answers
    from passerby.echo.bots import Bots
    from passerby.log import configure
    from passerby.trouble import Trouble
    from stranger.errors import Trouble as StrangerTrouble
    from stranger.place import read

    try:
        place = read(url)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=URL) from None
    place = cells.found(place, insecure=insecure)
    try:
        nickname = answers.nickname(name)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--name") from None
    configure("error", "console")

    async def run() -> None:
        try:
            async with Bots.entered(
                place,
                nickname,
                talks=talks,
                tags=tuple(tag or ()),
                told=announce.echo_told,
                tls=trust(insecure=insecure),
            ) as bots:
                announce.echo_up(nickname, url)
                async with running.beside(bots.run(once=once)) as ended:
                    await running.until_signal(ended)
        except StrangerTrouble as error:
            raise Trouble(str(error)) from None
        announce.echo_down()

    running.run(run())
