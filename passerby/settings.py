"""Settings: built-in defaults, then a TOML file, then the environment (`PASSERBY_…`), then the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from broker.cells import NAME, Cell
from broker.messages import EFFORT_MAX
from broker.site import Ads, Site
from matcher.policing import LOOPBACK, Policing
from matcher.turn import TTL_S, URLS_MAX, Turn
from passerby import ads, relay
from passerby.ads import AdsUrl
from passerby.networks import Network
from passerby.relay import IceUrl
from passerby.trouble import Trouble

DEFAULT_FILE = Path("passerby.toml")

INTERNAL: Final = ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
"""Loopback and the private ranges (RFC 1918, RFC 4193)."""

_ONE_LOBBY = "cell and gates exclude each other: a cell has a broker of its own, a cluster is one lobby"
_ADS_APART = "ads_url is on this server itself: a frame that is to reach nothing of the page needs another origin"

Port = Annotated[int, Field(ge=0, le=65_535)]
Networks = Annotated[list[Network], Field(max_length=2_000)]
BrokerUrl = Annotated[str, Field(pattern=r"^mqtts?://[^/\s]+$")]
InternalUrl = Annotated[str, Field(pattern=r"^https?://[^/\s@]+/?$")]
Contact = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class SettingsError(Trouble):
    """Settings that cannot be used. One line for each thing that is wrong."""


class Settings(BaseSettings):
    """All settings of one deployment. The names are those of the TOML file; in the environment they are upper case."""

    model_config = SettingsConfigDict(env_prefix="PASSERBY_", extra="forbid", frozen=True)

    host: Annotated[str, Field(description="where people come in: an address of this machine")] = "127.0.0.1"
    port: Annotated[Port, Field(description="the port of the page and the WebSocket; 0 takes any free one")] = 8080
    service_host: Annotated[str, Field(description="where the matcher comes in; keep it on loopback")] = "127.0.0.1"
    service_port: Annotated[Port, Field(description="the matcher's port; 0 takes any free one")] = 0
    broker: Annotated[BrokerUrl, Field(description="the broker's internal listener, for a matcher of its own")] = (
        "mqtt://127.0.0.1:1883"
    )
    nodes: Annotated[
        list[BrokerUrl],
        Field(description="the same of the cluster's other nodes: the matcher goes to the next when one is gone"),
    ] = []
    cell: Annotated[
        str | None,
        Field(
            pattern=f"^{NAME}$", description="a word that sets this lobby apart from others: all its topics are in it"
        ),
    ] = None
    standby: Annotated[
        bool, Field(description="let this matcher watch while another one is at work, and take over when it is gone")
    ] = False
    keys: Annotated[Path | None, Field(description="the keys file that broker and matcher share")] = None
    page: Annotated[Path | None, Field(description="the folder of the built page")] = None
    origins: Annotated[list[str], Field(description="where else a browser's page may come from")] = []
    mosquitto: Annotated[Path | None, Field(description="the Mosquitto to run; else the one on the PATH")] = None
    websocket_port: Annotated[
        Port, Field(description="Mosquitto's own WebSocket port, for a proxy in front; 0 takes any free one")
    ] = 0
    gates: Annotated[
        list[InternalUrl],
        Field(description="the gates of a cluster, for its matcher; none where they are in the broker"),
    ] = []
    gate_host: Annotated[str, Field(description="where a gate of a cluster is asked; keep it internal")] = "127.0.0.1"
    gate_port: Annotated[Port, Field(description="its port; 0 takes any free one")] = 8090
    siblings: Annotated[list[InternalUrl], Field(description="the other gates of the cluster, for a gate")] = []
    management: Annotated[
        list[InternalUrl], Field(description="RabbitMQ's management interfaces, for a gate: its own node's first")
    ] = []
    internal_networks: Annotated[
        Networks, Field(description="where matcher and desks come from in a cluster: its own networks")
    ] = list(INTERNAL)
    connections: Annotated[int, Field(ge=1, description="connections at once to our own web server")] = 2_000
    connections_per_address: Annotated[int, Field(ge=1, description="connections at once from one address")] = 64
    firewall: Annotated[
        Path | None, Field(description="the socket of `passerby firewall` on this machine; not set, nobody is told")
    ] = None
    effort: Annotated[
        int,
        Field(
            ge=0,
            le=EFFORT_MAX,
            description="work asked of a browser before each wish, in bits; 0 is off, 16 is sensible",
        ),
    ] = 0
    contact: Annotated[
        str | None,
        Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="shown to who is banned"),
    ] = None
    operator: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=200,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="who runs this server, for the page",
        ),
    ] = None
    imprint: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=2_000,
            pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$",
            description="who runs this server, as the law wants it said, in several lines: name, address, register",
        ),
    ] = None
    contact_illegal: Annotated[Contact | None, Field(description="where illegal content is reported; else contact")] = (
        None
    )
    contact_minors: Annotated[
        Contact | None, Field(description="where to write when a child may be in danger; else contact")
    ] = None
    contact_appeals: Annotated[Contact | None, Field(description="where to appeal against a ban; else contact")] = None
    legal_texts: Annotated[
        Path | None, Field(description="a folder of legal texts of your own, laid out as webclient/legal; else ours")
    ] = None
    ads_url: Annotated[
        AdsUrl | None,
        Field(description="a page on another origin, shown in a frame to who has agreed to advertisements"),
    ] = None
    ads_height: Annotated[int, Field(ge=50, le=600, description="how high that frame is, in pixels")] = 100
    banned_networks: Annotated[Networks, Field(description="addresses and networks that nobody comes in from")] = []
    never_ban: Annotated[
        Networks, Field(description="addresses and networks where nobody is kicked or banned by the radar")
    ] = list(LOOPBACK)
    dry_run: Annotated[bool, Field(description="judge, and tell what would be done, but kick and ban nobody")] = False
    bans_per_minute: Annotated[
        int, Field(ge=0, le=100_000, description="the most bans that the radar decides by itself")
    ] = 30
    ban_share: Annotated[
        float, Field(ge=0, le=1, description="the most of who is here, as a share of 1, that it bans at any time")
    ] = 0.02
    turn_urls: Annotated[
        list[IceUrl], Field(max_length=URLS_MAX, description="where the TURN server is, and STUN: turn:, turns:, stun:")
    ] = []
    turn_secret: Annotated[
        SecretStr | None, Field(description="the secret that the TURN server has, too; better in a file of its own")
    ] = None
    turn_secret_file: Annotated[Path | None, Field(description="the file that holds nothing but that secret")] = None
    turn_ttl_s: Annotated[
        int, Field(ge=60, le=86_400, description="how long credentials for the TURN server are good, in seconds")
    ] = TTL_S
    turn_preset: Annotated[bool, Field(description="suggest to people that they hide their address")] = False
    metrics_port: Annotated[
        Port | None,
        Field(description="Prometheus metrics and health on loopback; not set is off, 0 takes any free one"),
    ] = None
    metrics_host: Annotated[str, Field(description="where metrics are served; keep it on loopback")] = "127.0.0.1"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="what is logged")] = "warning"
    log_format: Annotated[Literal["console", "json"], Field(description="for people, or for machines")] = "console"

    _turn: Turn | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _read_secret(self) -> Self:
        try:
            self._turn = relay.turn(
                self.turn_urls,
                self.turn_secret,
                self.turn_secret_file,
                ttl_s=self.turn_ttl_s,
                preset=self.turn_preset,
            )
        except ValueError as error:
            raise PydanticCustomError("turn", "{why}", {"why": str(error)}) from None
        return self

    @model_validator(mode="after")
    def _set_ads_apart(self) -> Self:
        if self.ads_url and ads.is_own(self.ads_url, host=self.host, port=self.port, origins=self.origins):
            raise PydanticCustomError("ads", "{why}", {"why": _ADS_APART})
        return self

    @model_validator(mode="after")
    def _keep_cluster_whole(self) -> Self:
        if self.cell and self.gates:
            raise PydanticCustomError("cell", "{why}", {"why": _ONE_LOBBY})
        return self

    @property
    def turn(self) -> Turn | None:
        """The TURN server, with the secret that was in its file when the settings were read."""
        return self._turn

    @property
    def within(self) -> Cell:
        """The cell that all topics are in."""
        return Cell(self.cell or "")

    @property
    def site(self) -> Site:
        """What the page is told of this server before it contacts anything."""
        slot = None if self.ads_url is None else Ads(url=self.ads_url, height=self.ads_height)
        relayed = "none" if self._turn is None else self._turn.relay
        return Site(operator=self.operator, cell=self.cell, relay=relayed, ads=slot)

    @property
    def policing(self) -> Policing:
        """What of this may change while the matcher runs."""
        return Policing(
            effort=self.effort,
            contact=self.contact,
            banned_networks=tuple(self.banned_networks),
            never_ban=tuple(self.never_ban),
            dry_run=self.dry_run,
            bans_per_minute=self.bans_per_minute,
            ban_share=self.ban_share,
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic gives it, we read no .env
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  nor a folder of secrets
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Say which source goes first."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@dataclass(frozen=True, slots=True)
class Source:
    """Where settings come from, so that they can be read again.

    Args:
        file: a TOML file; None takes `passerby.toml` of the working directory when there is one.
        given: from the command line; None is as if not given.
    """

    file: Path | None
    given: Mapping[str, object]

    @property
    def path(self) -> Path:
        """The file, whether it is there or not."""
        return self.file or DEFAULT_FILE

    def load(self) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: when the file is missing or something in it, or in the environment, is wrong.
        """
        if self.file is not None and not self.file.is_file():
            raise SettingsError(f"{self.file} is not there")
        chosen = self.path

        class Chosen(Settings):
            model_config = SettingsConfigDict(toml_file=chosen)

        try:
            return Chosen(**{name: value for name, value in self.given.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks them
        except ValidationError as error:
            lines = (f"{'.'.join(map(str, part['loc'])) or 'settings'}: {part['msg']}" for part in error.errors())
            raise SettingsError("\n".join(lines)) from None
        except ValueError as error:
            raise SettingsError(f"{chosen}: {error}") from None
        except OSError as error:
            raise SettingsError(f"{chosen} cannot be read: {error.strerror}") from None


def load(file: Path | None, **given: object) -> Settings:
    """Read the settings once; see `Source`.

    Raises:
        SettingsError: when the file is missing or something in it, or in the environment, is wrong.
    """
    return Source(file, given).load()
