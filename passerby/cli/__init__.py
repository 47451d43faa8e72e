"""The command `passerby`: one file a group of commands, imported when called, so that `--help` is quick."""

import sys
from typing import Annotated, Final

import typer

from passerby.cli import broker, chat, crowd, desk, doctor, echo, firewall, gate, init, keys, matcher, page, radar, up
from passerby.trouble import Trouble

SETTINGS: Final = """
**Settings** come from the command line, else from the environment (PASSERBY_PORT=9000), else from the TOML
file given with --config (or `passerby.toml` where you are). `passerby settings` lists them all.
"""

app = typer.Typer(
    name="passerby",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=SETTINGS,
)
app.command("up")(up.up)
app.command("chat")(chat.chat)
app.command("echo")(echo.echo)
app.command("init")(init.init)
app.command("matcher")(matcher.matcher)
app.command("page")(page.page)
app.command("firewall")(firewall.firewall)
app.command("doctor")(doctor.doctor)
app.command("crowd")(crowd.crowd)
app.command("radar")(radar.radar)
app.command("bans")(desk.bans)
app.command("reports")(desk.reports)
app.command("ban")(desk.ban)
app.command("lift")(desk.lift)
app.command("effort")(desk.effort)
app.command("settings")(up.settings)
app.add_typer(broker.app, name="broker")
app.add_typer(gate.app, name="gate")
app.add_typer(keys.app, name="keys")


def _version(wanted: bool) -> None:
    if wanted:
        from passerby import __version__

        typer.echo(f"passerby {__version__}")
        raise typer.Exit


@app.callback()
def passerby(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Meet one stranger, talk, part, and nothing of it remains.

    **passerby up** starts everything on this machine and prints the address to open.

    **passerby chat** meets a stranger from the terminal, **passerby echo** is a bot to try a deployment with.

    **passerby init FOLDER** writes all that one machine needs to run it for the public, with Docker Compose.

    By hand, broker and matcher are processes of their own that share a keys file:

    - passerby keys new FILE
    - passerby broker mosquitto --keys FILE --service-port 1883
    - passerby matcher --keys FILE --broker mqtt://127.0.0.1:1883

    **passerby page FOLDER** writes the page for a web server of your own.

    **passerby doctor** looks at a deployment from outside, **passerby crowd** loads one of your own.

    **passerby radar** shows how things stand; `bans`, `reports`, `ban`, `lift` and `effort` are the operator's desk.
    """


def main() -> None:
    """Run the command; what goes wrong is said in one line, never as a traceback."""
    try:
        app()
    except Trouble as error:
        sys.stderr.write(f"passerby: {error}\n")
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
