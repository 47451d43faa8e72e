"""`passerby crowd`: loads a deployment with people who are none, and judges what they lived through."""

from pathlib import Path
from typing import Annotated, Literal

import typer

MOST = 50_000
URL = "URL"


def crowd(  # noqa: PLR0913, PLR0917  one for each option
    url: Annotated[
        str,
        typer.Argument(
            metavar=URL,
            help="https://HOST is what a browser sees; wss://HOST/mqtt the broker's WebSocket alone; mqtts://HOST:PORT "
            "a TCP listener for peers. Likewise without the s.",
        ),
    ],
    peers: Annotated[int, typer.Option(min=2, max=MOST, help="How many come.")] = 100,
    arrive: Annotated[float, typer.Option(min=0.1, max=2_000, help="How many come each second, at random times.")] = 50,
    talk: Annotated[
        float, typer.Option(min=0.5, max=3_600, help="How long a talk lasts, on average, in seconds.")
    ] = 20,
    law: Annotated[
        Literal["exponential", "lognormal"], typer.Option(help="How the lengths of talks are spread around that.")
    ] = "exponential",
    skip: Annotated[float, typer.Option(min=0, max=1, help="The share of talks that somebody skips.")] = 0.2,
    tags: Annotated[float, typer.Option(min=0, max=1, help="The share of wishes that name a topic.")] = 0.3,
    real: Annotated[
        float,
        typer.Option(min=0, max=1, help="The share of peers who really connect, with WebRTC; the rest signal only."),
    ] = 0,
    for_s: Annotated[
        float, typer.Option("--for", min=1, max=36_000, help="How long it lasts once all are here, in seconds.")
    ] = 30,
    seed: Annotated[int, typer.Option(help="Of the dice by which people behave.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, max=64, help="How many processes share the peers. Else one for 2500.")
    ] = None,
    lost_after: Annotated[
        float,
        typer.Option(
            min=6,
            max=600,
            help="Who waits so long beside somebody who fits is lost. The rules say 5 s; the radar may keep suspects "
            "apart for 20 s. With dry_run on the service, 10 is enough.",
        ),
    ] = 25,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Keep all figures as JSON.")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw a plot, if matplotlib is there.")] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help="Accept a certificate that nobody vouches for.")] = False,
    i_own_this: Annotated[
        bool,
        typer.Option("--i-own-this", help="Load a deployment that is neither on loopback nor in a private network."),
    ] = False,
) -> None:
    """Load a deployment of your own with a crowd, and judge from its peers' own records how that went.

    They come, look for somebody, signal, talk or skip, and look again, by the rules of every stranger. They meet among
    themselves only: no visitor of the page is ever given one of them. Run one crowd at a time.

    At the end: how long they waited, how many met each second, what failed; and the verdict: was anybody matched twice,
    or left waiting beside somebody who fits?

    - passerby crowd http://localhost:8080
    - passerby crowd ws://127.0.0.1:8083/mqtt --peers 5000 --arrive 200 --talk 40 --for 120
    - passerby crowd https://chat.example.org --peers 50 --real 1 --i-own-this

    Before it starts, prepare the deployment for the time of the measurement:

    - **the radar** sees what a crowd is, machines: it slows them down, asks for work, sets them apart, in the end bans
      their address. `dry_run = true` on the service has it judge without limiting anybody.
    - **the gate** lets 64 peers connect from one address, and a crowd has one address, except on loopback. Raise
      `connections_per_address` on the broker above the number of peers, or they are refused.
    - **this machine** needs an open file for each peer, and processor time that it does not take from the broker.

    Ctrl-C ends it early, in good order, and tells what there was. Exit code 0: all is well. 1: somebody was matched
    twice or lost, or nobody was matched. 2: it was called wrongly, or the target is not known to be yours.
    """
    from rich.console import Console

    from passerby import cells, running
    from passerby.crowd import files, target
    from passerby.crowd.keeping import keep
    from passerby.crowd.live import showing
    from passerby.crowd.outcome import Outcome
    from passerby.crowd.show import Asked, show
    from passerby.crowd.tell import tell
    from passerby.log import configure
    from stranger.crowd.ground import Ground, can_spread
    from stranger.crowd.habits import Habits
    from stranger.place import read

    configure("error", "console")
    try:
        place = read(url)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=URL) from None
    address = target.choose(place.host, target.resolve(place), owned=i_own_this)
    place = cells.found(place, insecure=insecure)
    ground = Ground(place, address, insecure, can_spread(address))
    habits = Habits(talk, law, skip, tags, real)
    count = min(peers, processes or -(-peers // 2_500))
    asked = Asked(ground, habits, peers, arrive, for_s, seed, count, lost_after)
    files.allow(files.needed(peers, count, real))
    console, outcomes = Console(highlight=False), []

    async def run() -> None:
        with showing(console) as look:
            outcomes.append(Outcome.of(await show(asked, look)))

    running.run(run())
    outcome = outcomes[0]
    tell(outcome, console)
    for line in keep(outcome, json, plot):
        console.print(line)
    if not outcome.well:
        raise typer.Exit(1)
