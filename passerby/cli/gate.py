"""`passerby gate`: the gate as a plugin for Mosquitto, and as a service for RabbitMQ."""

from pathlib import Path
from typing import Annotated

import typer

from passerby.cli.options import Config, KeysFile, LogLevel

app = typer.Typer(help="The gate: inside Mosquitto, or beside RabbitMQ.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The gate: who may come in, say and hear what. Decided inside Mosquitto, or beside RabbitMQ, by the same code."""


@app.command("build")
def build(
    out: Annotated[
        Path | None, typer.Option(help="Where to write it; else a place of our own.", show_default=False)
    ] = None,
) -> None:
    """Build gate.so, the plugin that Mosquitto 2.1 or newer loads, for the Python that runs this command.

    It needs a C compiler, the headers of Mosquitto and those of Python (Debian: gcc libc6-dev mosquitto-dev
    libmosquitto-dev python3-dev). `passerby broker mosquitto` does this by itself.

    Example: passerby gate build --out /usr/lib/passerby/gate.so
    """
    from passerby import mosquitto

    typer.echo(mosquitto.gate(out))


@app.command("serve")
def serve(
    config: Config = None,
    keys: KeysFile = None,
    host: Annotated[
        str | None,
        typer.Option(help="The address where RabbitMQ, the matcher and the other gates ask; keep it internal."),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Its port; 0 takes any free one.")] = None,
    sibling: Annotated[
        list[str] | None,
        typer.Option(help="Another gate of the cluster, http://HOST:PORT; once for each.", show_default=False),
    ] = None,
    management: Annotated[
        list[str] | None,
        typer.Option(
            help="RabbitMQ's management interface, http://HOST:PORT; more of them stand in for the first.",
            show_default=False,
        ),
    ] = None,
    log_level: LogLevel = None,
) -> None:
    """Run the gate as a service for RabbitMQ, which asks it about everything (`deploy/rabbitmq`).

    Run several, one for each node: they share the salts that stand for addresses, and each has all bans. RabbitMQ lets
    nobody in while its gate is away; who is connected stays so.

    Example: passerby gate serve --keys FILE --host 10.0.0.1 --sibling http://10.0.0.2:8090 --management http://10.0.0.1:15672
    """
    from passerby import announce, cluster, running, settings
    from passerby.log import configure

    given = {
        "keys": keys,
        "gate_host": host,
        "gate_port": port,
        "siblings": sibling or None,
        "management": management or None,
        "log_level": log_level,
    }
    chosen = settings.load(config, **given)
    configure(chosen.log_level, chosen.log_format)
    secrets = running.shared_keys(chosen)

    async def run() -> None:
        async with cluster.gate(chosen, secrets) as server:
            announce.gate_up(chosen.gate_host, server.port)
            await running.until_signal()

    running.run(run())
