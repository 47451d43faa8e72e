"""What is written from choices: `.env` for Compose, and `passerby.toml` for the service and the page. No I/O."""

import json
from typing import Final

from passerby.deployment.choices import LOOPBACK, Choices

TURN_SECRET: Final = "/run/passerby/turn/turn.secret"  # noqa: S105  where it lies
"""Where deploy/compose.yaml puts the relay's secret."""

_ENV: Final = "# What compose.yaml is told. It is yours: `passerby init --update` lets it be.\n"
_TOML: Final = """\
# Settings of Passerby: `passerby settings` lists them all. It is yours: `passerby init --update` lets it be.
# Broker, keys and metrics are told by compose.yaml. The service takes most changes up while it runs; what the page says
# is written anew by `docker compose up -d`.
"""


def env(choices: Choices, user: str) -> str:
    """Write what compose.yaml is told; `user` is who containers run as, UID:GID."""
    profiles = [name for name, wanted in (("relay", choices.relay), ("watch", choices.watch)) if wanted]
    lines = {
        "PASSERBY_USER": user,
        **({} if choices.cluster else {"PASSERBY_DOMAIN": choices.domain, "PASSERBY_MAIL": choices.mail}),
        "COMPOSE_PROFILES": ",".join(profiles),
        **(_relay(choices) if choices.relay else {}),
        **(_local(choices.local_port) if choices.local_port is not None else {}),
    }
    return _ENV + "".join(f"{name}={value}\n" for name, value in lines.items())


def toml(choices: Choices) -> str:
    """Write the settings."""
    told: dict[str, str | list[str] | None] = {
        "operator": choices.operator,
        "contact": choices.contact,
        "imprint": choices.imprint,
    }
    if choices.relay:
        told |= {"turn_urls": list(choices.turn_urls), "turn_secret_file": TURN_SECRET}
    # A string of JSON is one of TOML, but for DEL, which none of these may hold.
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in told.items() if value is not None)
    return "\n".join([_TOML, *lines, ""])


def _relay(choices: Choices) -> dict[str, str]:
    here = {"PASSERBY_TURN_ADDRESS": LOOPBACK} if choices.is_local else {}
    return {
        "PASSERBY_TURN_PORT": str(choices.turn_port),
        "PASSERBY_TURN_REALM": choices.realm or choices.domain,
        "PASSERBY_TURN_EXTERNAL_IP": choices.external_ip,
        **here,
    }


def _local(port: int) -> dict[str, str]:
    """On loopback only; plain http, which leads on to https, at any port."""
    return {"PASSERBY_HTTP": f"{LOOPBACK}:0", "PASSERBY_HTTPS": f"{LOOPBACK}:{port}"}
