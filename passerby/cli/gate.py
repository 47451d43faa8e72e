"""`passerby gate`: the gate as a plugin for Mosquitto."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The gate inside Mosquitto.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The gate inside Mosquitto: who may come in, say and hear what, decided in the broker itself."""


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
