"""What the command says to the person who started it."""

import io
import sys
import webbrowser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import typer

from passerby.certificate import local_addresses
from passerby.deployment.choices import Choices
from passerby.deployment.folder import BEFORE, SETTINGS
from passerby.folder import CADDY, WWW, Written

_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104  compared with, not bound to
_HERE: Final = ("127.0.0.1", "::1", "localhost")
_LOOPBACK: Final = (*_HERE, *_EVERYWHERE)


def up(host: str, port: int, *, tls: bool, relay: bool, contact: bool, browser: bool, echo: str | None = None) -> None:
    """Say where everything is to be found, and open it if wanted."""
    scheme = "https" if tls else "http"
    here = f"{scheme}://localhost:{port}/" if host in _LOOPBACK else f"{scheme}://{_bracketed(host)}:{port}/"
    typer.secho("\nPasserby is up.\n", bold=True)
    hint = "in two windows, and talk with yourself" if echo is None else "and press Start"
    typer.echo(f"  Open     {typer.style(here, fg='cyan', underline=True)}   {hint}")
    addresses = local_addresses() if tls and host in _EVERYWHERE else []
    if addresses:
        there = f"{scheme}://{_bracketed(addresses[0])}:{port}/"
        typer.echo(f"  Phone    {typer.style(there, fg='cyan', underline=True)}   its browser will warn once: go on")
        _qr(there)
    if relay:
        typer.echo("  Reach    other networks, too, through the TURN server: `passerby doctor` tries it")
    else:
        typer.echo("  Reach    this machine or its own network only: no TURN server is configured")
    if echo is not None:
        typer.echo(f"  Echo     “{echo}” talks with whoever is alone for some seconds")
    if host not in _HERE and not contact:
        typer.echo("  Contact  none: before others come, set `operator`, `contact` and `imprint` (docs/howto/legal.md)")
    typer.echo("  Stop     Ctrl-C\n")
    if browser:
        webbrowser.open(here)


def broker_up(host: str, port: int, service_port: int, websocket_port: int | None = None) -> None:
    """Say where browsers and the matcher come in, and a proxy in front of a broker that has a WebSocket of its own."""
    typer.echo(f"The broker is up: people at http://{_bracketed(host)}:{port}/, the matcher at port {service_port}.")
    if websocket_port is not None:
        typer.echo(f"A proxy with https goes to port {websocket_port}, with PROXY protocol version 2.")
    sys.stdout.flush()


def matcher_up(*urls: str) -> None:
    """Say which broker the matcher works for, or which nodes."""
    typer.echo(f"The matcher works for {', '.join(urls)}. Ctrl-C stops it.")
    sys.stdout.flush()


def gate_up(host: str, port: int) -> None:
    """Say where RabbitMQ, the matcher and the other gates find this one."""
    typer.echo(f"The gate is open at http://{_bracketed(host)}:{port}. Ctrl-C stops it.")
    sys.stdout.flush()


def page_written(folder: Path, written: Written) -> None:
    """Say what lies there now, and what to do with it."""
    removed = f", {written.removed} old ones removed" if written.removed else ""
    typer.echo(f"{folder / WWW}: {written.files} files, {written.changed} of them new or changed{removed}.")
    typer.echo(f"{folder / CADDY}: the headers and cache rules that belong to them.\n")
    typer.echo(
        f"Next, let a web server with https serve {WWW} with those headers, and pass /mqtt on to the broker's\n"
        "WebSocket, as deploy/caddy/Caddyfile does. Then look at it from outside: `passerby doctor https://YOUR.NAME`."
    )


def firewall_up(path: Path, ports: Iterable[int]) -> None:
    """Say what is dropped, and where gates tell."""
    listed = ", ".join(str(port) for port in ports)
    typer.echo(f"Who is banned and keeps coming is dropped at these ports: {listed}. Gates tell at {path}.")
    typer.echo("Ctrl-C stops it, and takes its rules away.")
    sys.stdout.flush()


def deployment_written(folder: Path, choices: Choices) -> None:
    """Say what is left to do before people can come."""
    typer.secho(f"\n{folder} is written. What is left to do:\n", bold=True)
    for number, step in enumerate(_left_to_do(folder, choices), 1):
        typer.echo(f"  {number}. {step}")
    typer.echo(f"\nYours in there: .env, {SETTINGS}, secrets/. After an upgrade: `passerby init --update {folder}`.")


def _left_to_do(folder: Path, choices: Choices) -> Iterator[str]:
    if not choices.is_local:
        yield f"DNS: let {choices.domain} lead to this machine, by IPv4 (A) and not by IPv6 (AAAA)."
        yield (
            "The firewall: open 80 and 443 (TCP)"
            + ("" if choices.cluster else ", 443 (UDP)")
            + (f", {choices.turn_port} (UDP and TCP), 49152 to 51199 (UDP)." if choices.relay else ".")
        )
    if choices.cluster and not choices.is_local:
        yield f"A certificate: its chain and its key, in one file of {folder / 'secrets/tls'}, for the owner to read."
        yield "Machines of their own for its parts, or all on this one for now: docs/howto/cluster.md."
    if not choices.is_local and choices.contact is None:
        yield f"A contact, and what the law wants: `operator`, `contact`, `imprint` in {folder / SETTINGS}."
    yield f"Start it: cd {folder} && docker compose up -d   (the first time it builds, for some minutes)"
    if choices.is_local:
        yield f"Open {choices.url}: the browser will warn, since nobody vouches for the certificate."
    yield f"Look at it: passerby doctor {choices.url}" + (" --insecure" if choices.is_local else "")


def deployment_updated(folder: Path, changed: list[str]) -> None:
    """Say what has changed, and how that takes effect."""
    if not changed:
        typer.echo(f"{folder} has nothing to renew.")
        return
    typer.echo(f"{folder}: {', '.join(changed)} written anew; settings and secrets as they were.")
    if BEFORE in changed:
        typer.echo(f"compose.yaml was changed by somebody: that one is {BEFORE} now, for compose.override.yaml.")
    typer.echo("Next: docker compose build && docker compose up -d. Talks go on meanwhile. A cluster: node by node.")


def echo_up(nickname: str, url: str) -> None:
    """Say that the bot is there."""
    typer.echo(f"“{nickname}” looks for whoever is alone at {url}. Ctrl-C stops it.")
    sys.stdout.flush()


def echo_told(what: str) -> None:
    """Say that the bot has met somebody, or parted; of nobody is told who."""
    typer.echo({"met": "It has met somebody.", "parted": "They have parted."}[what])
    sys.stdout.flush()


def echo_down() -> None:
    """Say good-bye for the bot."""
    typer.echo("The bot is gone. Nothing of what it was told remains.")


def down() -> None:
    """Say good-bye."""
    typer.echo("Passerby is down. Nothing of it remains.")


def _qr(url: str) -> None:
    """Draw a code for a phone's camera, where somebody looks at a terminal."""
    if not sys.stdout.isatty():
        return
    import segno

    drawing = io.StringIO()
    segno.make(url, error="l").terminal(out=drawing, compact=True, border=2)
    typer.echo(drawing.getvalue())


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
