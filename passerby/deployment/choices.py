"""What an operator chooses for a deployment of their own, checked before anything is written. No I/O."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from passerby.deployment.kinds import CLUSTER, MACHINE, Kind
from passerby.trouble import Trouble

TURN_PORT: Final = 3478
LOCAL: Final = "localhost"
LOOPBACK: Final = "127.0.0.1"

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+[a-z]{_LABEL}")
_MAIL = re.compile(r"[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9.-]{1,190}")
_REALM = re.compile(r"[A-Za-z0-9.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Choices:
    """All of them.

    Args:
        domain: the name that people open.
        operator: who runs it, for the page; None says nobody.
        contact: where to write to; None says nowhere.
        imprint: who runs it as the law wants it said, in several lines.
        mail: where the certificate authority may write to; empty is nowhere.
        relay: whether there is one, so that people may hide their address, and meet from any network.
        realm: what the relay calls itself; empty is the domain.
        external_ip: the relay's public address, PUBLIC or PUBLIC/OWN, where it cannot see it itself; else empty.
        turn_port: where the relay listens, UDP and TCP.
        watch: whether Prometheus and Grafana run, too.
        cluster: whether it is several machines, or one for all.
        local_port: for a trial on this machine alone the port of https, with a certificate that nobody vouches for.

    Raises:
        Trouble: when one cannot be; the text says which option.
    """

    domain: str
    operator: str | None = None
    contact: str | None = None
    imprint: str | None = None
    mail: str = ""
    relay: bool = False
    realm: str = ""
    external_ip: str = ""
    turn_port: int = TURN_PORT
    watch: bool = False
    cluster: bool = False
    local_port: int | None = None

    def __post_init__(self) -> None:
        _check(
            self.domain == LOCAL if self.is_local else bool(_DOMAIN.fullmatch(self.domain)),
            f"--domain {self.domain!r} is no name that leads to a machine: chat.example.org is, in lower case",
        )
        _check(not self.mail or bool(_MAIL.fullmatch(self.mail)), f"--mail {self.mail!r} is no address for mail")
        _check(not self.realm or bool(_REALM.fullmatch(self.realm)), "--realm is to be letters, digits, dots and -")
        _check(
            _are_addresses(self.external_ip), "--external-ip is to be PUBLIC or PUBLIC/OWN, two addresses of one kind"
        )
        _check(not (self.cluster and self.mail), "--mail is for one machine: a cluster is given its certificate by you")
        _check(not (self.cluster and self.watch), "--watch is for one machine: bring a Prometheus of your own")
        _check(self.relay or not (self.realm or self.external_ip), "--realm and --external-ip are for a --relay")

    @property
    def is_local(self) -> bool:
        """Whether it is a trial on this machine."""
        return self.local_port is not None

    @property
    def kind(self) -> Kind:
        """What kind of a folder it makes."""
        return CLUSTER if self.cluster else MACHINE

    @property
    def url(self) -> str:
        """What people open."""
        return f"https://{self.domain}:{self.local_port}/" if self.is_local else f"https://{self.domain}/"

    @property
    def turn_urls(self) -> tuple[str, ...]:
        """Where the relay is, for browsers; none without one."""
        if not self.relay:
            return ()
        host = LOOPBACK if self.is_local else self.domain
        place = host if self.turn_port == TURN_PORT else f"{host}:{self.turn_port}"
        return (f"stun:{place}", f"turn:{place}", f"turn:{place}?transport=tcp")


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Trouble(otherwise)


def _are_addresses(text: str) -> bool:
    """Tell whether it is an address, or two of one kind; nothing is fine, too."""
    try:
        kinds = [ipaddress.ip_address(part).version for part in text.split("/")] if text else []
    except ValueError:
        return False
    return kinds in ([], [4], [6], [4, 4], [6, 6])
