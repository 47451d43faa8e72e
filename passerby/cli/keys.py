"""`passerby keys`: the secrets that broker and matcher share."""

from pathlib import Path
from typing import Annotated

import typer

from passerby import keys

app = typer.Typer(help="The secrets that broker and matcher share.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The secrets that broker and matcher share, when they are processes of their own."""


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="Where to write them. Only its owner will be able to read it.")],
) -> None:
    """Draw new keys and write them to a file."""
    keys.write(file, keys.Keys.draw())
    typer.echo(f"{file} is written. Give it to broker and matcher with --keys, and to nobody else.")
