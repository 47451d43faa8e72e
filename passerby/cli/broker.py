"""`passerby broker`: a broker without the matcher."""

from typing import Annotated

import typer

from passerby.cli.options import Config, Host, KeysFile, LogLevel, Port

app = typer.Typer(help="A broker of its own, for a matcher elsewhere.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """A broker of its own: the page and MQTT for browsers, a loopback port for the matcher."""


@app.command("embedded")
def embedded(
    config: Config = None,
    host: Host = None,
    port: Port = None,
    service_port: Annotated[
        int | None, typer.Option(help="The port the matcher connects to, on loopback; 0 takes any free one.")
    ] = None,
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
