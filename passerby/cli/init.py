"""`passerby init`: a folder with all that one machine needs, or a cluster, for Docker Compose."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

_Answer = TypeVar("_Answer")

LOCAL_PORT: Final = 8443
FOLDER: Final = Path("passerby")


def init(  # noqa: PLR0913, PLR0917  one for each option
    folder: Annotated[Path, typer.Argument(help="Where to write it: a new or empty folder.")] = FOLDER,
    domain: Annotated[str | None, typer.Option(help="The name that people open.", show_default=False)] = None,
    operator: Annotated[
        str | None, typer.Option(help="Who runs it, for the page; empty says nobody.", show_default=False)
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option(help="Where to write to: mail, or a page. Empty says nowhere.", show_default=False),
    ] = None,
    imprint: Annotated[
        Path | None,
        typer.Option(help="A file with who runs it as the law wants it said.", metavar="FILE", show_default=False),
    ] = None,
    mail: Annotated[str, typer.Option(help="Where the certificate authority may write to.", show_default=False)] = "",
    relay: Annotated[
        bool | None,
        typer.Option(
            "--relay/--no-relay",
            help="Run a relay (coturn): people meet from any network, and may hide their address.",
            show_default=False,
        ),
    ] = None,
    external_ip: Annotated[
        str,
        typer.Option(help="Behind NAT, the relay's public address and its own: PUBLIC/OWN.", show_default=False),
    ] = "",
    realm: Annotated[str, typer.Option(help="What the relay calls itself; else the domain.", show_default=False)] = "",
    turn_port: Annotated[int, typer.Option(min=1024, max=49151, help="Where the relay listens, UDP and TCP.")] = 3478,
    watch: Annotated[bool, typer.Option("--watch", help="Run Prometheus and Grafana, too.")] = False,
    cluster: Annotated[
        bool,
        typer.Option("--cluster", help="Several nodes of RabbitMQ with HAProxy in front, for several machines."),
    ] = False,
    local: Annotated[
        bool,
        typer.Option("--local", help="A trial: for this machine alone, with a certificate that nobody vouches for."),
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of https in a trial (--local).")] = LOCAL_PORT,
    update: Annotated[
        bool,
        typer.Option("--update", help="Renew compose.yaml and image/ in a folder of before; the rest is let be."),
    ] = False,
) -> None:
    """Write a folder from which Docker Compose runs all of Passerby on one machine, or with --cluster on several.

    Mosquitto with our gate, the service, Caddy with the page and a certificate, the relay, Prometheus and Grafana. All
    images are built from what is in the folder. Secrets are drawn. What is not given as an option is asked for at a
    terminal.

    Nothing that is there is ever overwritten. After an upgrade `--update` renews what is ours, and lets your settings
    and secrets be.

    - passerby init /srv/passerby
    - passerby init try --local
    - passerby init try --local --cluster
    - passerby init /srv/passerby --domain chat.example.org --operator Ada --contact ada@example.org --relay
    - passerby init --update /srv/passerby
    """
    from passerby import announce
    from passerby.deployment import folder as folders
    from passerby.deployment.choices import LOCAL, Choices
    from passerby.trouble import Trouble

    if update:
        announce.deployment_updated(folder, folders.update(folder))
        return
    if local:
        domain, operator, contact, relay = domain or LOCAL, operator or "", contact or "", bool(relay)
    _at_terminal(domain=domain, operator=operator, contact=contact, relay=relay)
    try:
        lines = None if imprint is None else imprint.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise Trouble(f"--imprint {imprint} cannot be read as text") from None
    choices = Choices(
        domain=_or_asked(domain, lambda: typer.prompt("The name that people open (chat.example.org)")),
        operator=_or_asked(operator, lambda: _line("Who runs it, for the page (may be empty)")) or None,
        contact=_or_asked(contact, lambda: _line("Where to write to: mail, or a page (may be empty)")) or None,
        imprint=lines or None,
        mail=mail,
        relay=_or_asked(
            relay, lambda: typer.confirm("Run a relay, for any network and to hide addresses?", default=True)
        ),
        realm=realm,
        external_ip=external_ip,
        turn_port=turn_port,
        watch=watch,
        cluster=cluster,
        local_port=port if local else None,
    )
    folders.new(folder, choices)
    announce.deployment_written(folder, choices)


def _at_terminal(**given: object) -> None:
    """See that somebody can be asked for what is missing.

    Raises:
        Trouble: when nobody can; it names the options.
    """
    from passerby.trouble import Trouble

    missing = [name for name, value in given.items() if value is None]
    if missing and not sys.stdin.isatty():
        options = ", ".join("--relay or --no-relay" if name == "relay" else f"--{name}" for name in missing)
        raise Trouble(f"there is no terminal to ask at, and this is missing: {options}. Or try it with --local")


def _or_asked(given: _Answer | None, ask: Callable[[], _Answer]) -> _Answer:
    return ask() if given is None else given


def _line(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False))
