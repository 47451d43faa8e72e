"""`passerby keys`: the secrets that broker and matcher share."""

import time
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
    keys.write(file, keys.draw())
    typer.echo(f"{file} is written. Give it to broker and matcher with --keys, and to nobody else.")


@app.command("turn")
def turn(
    file: Annotated[Path, typer.Argument(help="The keys file in use.")],
    after: Annotated[
        float,
        typer.Option(min=keys.AFTER_LEAST_S, help="Seconds until the new keys begin. Brokers learn of them before."),
    ] = keys.AFTER_S,
) -> None:
    """Draw the next keys into a file that is in use. Broker and matcher take them up by themselves.

    What was in use until now stays good until the next turn; what was good from the turn before is refused.
    """
    keys.turn(file, time.time(), after)
    typer.echo(
        f"{file} is turned. The new keys begin in {after:.0f} s; the ones before stay good until the next turn.\n"
        "Seats live ten minutes: turn again no sooner, unless the ones before must go."
    )


@app.command("desk")
def desk(
    file: Annotated[Path, typer.Argument(help="The keys file in use.")],
    name: Annotated[
        str, typer.Argument(help="What the desk is called: lower case letters, digits and -.")
    ] = keys.OPERATOR,
) -> None:
    """Give one more operator a desk, in a file that is in use. Brokers take it up by themselves.

    A new file has a desk called `operator`; a file that was written before there were desks has none.

    Example: passerby keys desk passerby.keys anna
    """
    keys.add_desk(file, name)
    typer.echo(f"{file} has a desk called {name}. Brokers learn of it within seconds.")
