"""`passerby up`: everything embedded, one URL. And `passerby settings`: what can be set."""

from typing import Annotated

import typer

from passerby.cli.options import Config, Effort, Host, LogLevel, Port


def up(
    config: Config = None,
    host: Host = None,
    port: Port = None,
    browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    tls: Annotated[
        bool,
        typer.Option(
            "--tls",
            help="Serve https with a certificate made for this run, in all networks of this machine: to try it on a "
            "phone. The browser will warn once, since nobody vouches for the certificate.",
        ),
    ] = False,
    with_echo: Annotated[
        bool,
        typer.Option(
            "--with-echo",
            help="Have a friendly bot, too, which talks with whoever is alone: for a first try by yourself.",
        ),
    ] = False,
    effort: Effort = None,
    log_level: LogLevel = None,
) -> None:
    """Start everything on this machine: broker, matcher and page, at one URL.

    Open it in two windows to talk with yourself, or in one and use --with-echo. Ctrl-C stops it, and nothing of it
    remains.

    Other machines need https, because browsers give cryptography to secure pages only: use --tls to try, and a real
    certificate for the public.
    """
    from passerby import announce, running, settings
    from passerby.echo import NICKNAME
    from passerby.log import configure

    if tls and host is None:
        host = "0.0.0.0"  # noqa: S104  that is what the option is for
    source = settings.Source(config, {"host": host, "port": port, "effort": effort, "log_level": log_level})
    chosen = source.load()
    configure(chosen.log_level, chosen.log_format)

    echo = NICKNAME if with_echo else None

    async def run() -> None:
        async with running.everything(chosen, source=source, tls=tls, echo=echo) as (broker, ended):
            announce.up(
                chosen.host,
                broker.port,
                tls=tls,
                relay=chosen.turn is not None,
                contact=chosen.contact is not None,
                browser=browser,
                echo=echo,
            )
            await running.until_signal(ended)
        announce.down()

    running.run(run())


def settings(config: Config = None) -> None:
    """List every setting with its value here, and where it can be set."""
    from passerby.settings import Settings, load

    chosen = load(config)
    for name, field in Settings.model_fields.items():
        typer.echo(f"{name} = {getattr(chosen, name)!r}")
        typer.secho(f"    {field.description}; PASSERBY_{name.upper()}", dim=True)
