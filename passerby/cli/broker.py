"""`passerby broker`: a broker without the matcher."""

from pathlib import Path
from typing import Annotated

import typer

from passerby.cli.options import Config, Host, KeysFile, LogLevel, Port

app = typer.Typer(help="A broker of its own, for a matcher elsewhere.", no_args_is_help=True)

ServicePort = Annotated[
    int | None, typer.Option(help="The port the matcher connects to, on loopback; 0 takes any free one.")
]


@app.callback()
def group() -> None:
    """A broker of its own: the page and MQTT for browsers, a loopback port for the matcher."""


@app.command("embedded")
def embedded(
    config: Config = None,
    host: Host = None,
    port: Port = None,
    service_port: ServicePort = None,
    keys: KeysFile = None,
    log_level: LogLevel = None,
) -> None:
    """Run the embedded broker (amqtt): for trying and developing, up to some hundred people."""
    from passerby import announce, running, settings
    from passerby.log import configure

    chosen = settings.load(config, host=host, port=port, service_port=service_port, keys=keys, log_level=log_level)
    configure(chosen.log_level, chosen.log_format)
    secrets = running.shared_keys(chosen)

    async def run() -> None:
        async with running.embedded_broker(chosen, secrets, keys_file=chosen.keys) as broker:
            announce.broker_up(chosen.host, broker.port, broker.service_port)
            await running.until_signal()

    running.run(run())


@app.command("mosquitto")
def mosquitto(
    config: Config = None,
    host: Host = None,
    port: Port = None,
    service_port: ServicePort = None,
    websocket_port: Annotated[
        int | None,
        typer.Option(help="Mosquitto's own WebSocket port on loopback, for a proxy in front; 0 takes any free one."),
    ] = None,
    keys: KeysFile = None,
    binary: Annotated[
        Path | None,
        typer.Option("--mosquitto", help="The Mosquitto to run; else the one on the PATH.", show_default=False),
    ] = None,
    log_level: LogLevel = None,
) -> None:
    """Run Mosquitto 2.1 or newer with the gate in it: for production, tens of thousands of people on one machine.

    Finds Mosquitto, builds the gate for this Python once (see `passerby gate build`), and starts it with the
    `mosquitto.conf` of Passerby. The page is served in front of it, so that there is one address to open.

    For the public, put a proxy with https in front: to the page's port, or, better, straight to Mosquitto's WebSocket
    port with PROXY protocol version 2.
    """
    from passerby import announce, running, settings
    from passerby.log import configure

    chosen = settings.load(
        config,
        host=host,
        port=port,
        service_port=service_port,
        websocket_port=websocket_port,
        keys=keys,
        mosquitto=binary,
        log_level=log_level,
    )
    configure(chosen.log_level, chosen.log_format)
    running.shared_keys(chosen)

    async def run() -> None:
        async with running.mosquitto_broker(chosen) as (ports, ended):
            announce.broker_up(chosen.host, ports.people, ports.service, ports.websocket)
            await running.until_signal(ended)

    running.run(run())
