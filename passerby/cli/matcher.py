"""`passerby matcher`: the matcher on its own, against a broker by URL."""

from typing import Annotated

import typer

from passerby.cli.options import Config, Effort, KeysFile, LogLevel


def matcher(
    config: Config = None,
    broker: Annotated[
        list[str] | None,
        typer.Option(
            help="The broker's internal listener, mqtt://HOST:PORT or mqtts://HOST:PORT; of a cluster, each node's.",
            show_default=False,
        ),
    ] = None,
    keys: KeysFile = None,
    standby: Annotated[
        bool | None,
        typer.Option("--standby", help="Watch while another matcher is at work, and take over when it is gone."),
    ] = None,
    gate: Annotated[
        list[str] | None,
        typer.Option(help="A gate of a cluster, http://HOST:PORT; once for each.", show_default=False),
    ] = None,
    effort: Effort = None,
    log_level: LogLevel = None,
) -> None:
    """Run the matcher against a broker.

    It listens to the lobby, pairs strangers and assigns session topics. It keeps everything in memory: stop it, start
    it again, and who talks goes on talking, who waits is matched by the new one. A second matcher on the same broker
    takes over from the first; with --standby, which is given to both, it waits until the first is gone.

    On a cluster of RabbitMQ the gates are processes of their own (`passerby gate serve`): name each with --gate. Name
    all nodes with --broker, the nearest first: when it is gone, the matcher goes to the next.

    It watches its TOML file: networks, dry run, contact, effort, the limits of bans and the TURN server change without
    a restart.
    """
    from passerby import announce, running, settings
    from passerby.log import configure

    given = {
        "broker": broker[0] if broker else None,
        "nodes": broker[1:] if broker else None,
        "keys": keys,
        "standby": standby,
        "gates": gate or None,
        "effort": effort,
        "log_level": log_level,
    }
    source = settings.Source(config, given)
    chosen = source.load()
    configure(chosen.log_level, chosen.log_format)
    secrets = running.shared_keys(chosen)

    async def run() -> None:
        announce.matcher_up(chosen.broker, *chosen.nodes)
        async with running.matcher(chosen.broker, secrets, settings=chosen, source=source, keys_file=chosen.keys) as (
            _,
            ended,
        ):
            with running.collecting_seldom():
                await running.until_signal(ended)

    running.run(run())
