"""`passerby radar`: how things stand, live."""

import asyncio
from typing import Annotated

import typer

from passerby.cli.options import AsJson, Broker, Config, DeskName, KeysFile, Pid
from passerby.keys import OPERATOR


def radar(
    config: Config = None,
    broker: Broker = None,
    keys: KeysFile = None,
    desk: DeskName = OPERATOR,
    pid: Pid = None,
    every: Annotated[float, typer.Option(min=0.5, max=3_600, help="Seconds between two looks.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Show it once, and stop. So it is, too, when piped.")] = False,
    json: AsJson = False,
) -> None:
    """Show how things stand: who is here, who waits, what the radar does about abuse. Ctrl-C ends it.

    Where `passerby up` runs on this machine it needs no options. For a deployment, name its keys file and broker, here
    or in the settings. Numbers only: it never names anybody.

    - passerby radar
    - passerby radar --keys FILE --broker mqtt://127.0.0.1:1883
    - passerby radar --json | jq .here

    The rungs of the ladder: on `slow` one may wish less often, on `stamps` one works before each wish; `kick` ends the
    connection, `ban` keeps the address out for a while. What is *held back* was judged and not done: by the breaker, in
    a dry run, or because the settings say never.
    """
    from rich.console import Console
    from rich.live import Live

    from broker.desk import Look, View
    from passerby import desk as desks
    from passerby import running, settings
    from passerby.log import configure
    from passerby.scope import BLOCKS, LETTERS, Course, scope
    from passerby.trouble import Trouble

    chosen = settings.load(config, broker=broker, keys=keys)
    configure("error", chosen.log_format)
    console = Console(highlight=False)
    ink = BLOCKS if console.encoding.startswith("utf") else LETTERS
    course = Course(every)

    async def look() -> View:
        # Found anew each time: another `passerby up` has other passwords, and keys turn.
        access = desks.access(chosen, desk, pid=pid, broker_given=broker is not None)
        return await desks.ask(access, Look(id=desks.fresh_id()), View)

    async def watch() -> None:
        view = await look()
        with Live(console=console, auto_refresh=False) as live:
            trouble = None
            while True:
                if trouble is None:
                    course.add(view)
                live.update(scope(view, course, ink, trouble), refresh=True)
                await asyncio.sleep(every)
                try:
                    view, trouble = await look(), None
                except Trouble as error:
                    trouble = str(error)

    async def run() -> None:
        if json:
            typer.echo((await look()).model_dump_json(by_alias=True, exclude={"id", "kind"}))
        elif once or not console.is_terminal:
            view = await look()
            course.add(view)
            console.print(scope(view, course, ink))
        else:
            await running.until_signal(watching := asyncio.ensure_future(watch()))
            watching.cancel()
            await asyncio.wait([watching])

    running.run(run())
