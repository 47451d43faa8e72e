"""Settings: built-in defaults, then a TOML file, then the environment (`PASSERBY_…`), then the command line."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from broker.messages import EFFORT_MAX
from passerby.trouble import Trouble

DEFAULT_FILE = Path("passerby.toml")

Port = Annotated[int, Field(ge=0, le=65_535)]


class SettingsError(Trouble):
    """Settings that cannot be used. One line for each thing that is wrong."""


class Settings(BaseSettings):
    """All settings of one deployment. The names are those of the TOML file; in the environment they are upper case."""

    model_config = SettingsConfigDict(env_prefix="PASSERBY_", extra="forbid", frozen=True)

    host: Annotated[str, Field(description="where people come in: an address of this machine")] = "127.0.0.1"
    port: Annotated[Port, Field(description="the port of the page and the WebSocket; 0 takes any free one")] = 8080
    service_host: Annotated[str, Field(description="where the matcher comes in; keep it on loopback")] = "127.0.0.1"
    service_port: Annotated[Port, Field(description="the matcher's port; 0 takes any free one")] = 0
    broker: Annotated[
        str,
        Field(pattern=r"^mqtts?://[^/\s]+$", description="the broker's internal listener, for a matcher of its own"),
    ] = "mqtt://127.0.0.1:1883"
    keys: Annotated[Path | None, Field(description="the keys file that broker and matcher share")] = None
    page: Annotated[Path | None, Field(description="the folder of the built page")] = None
    origins: Annotated[list[str], Field(description="where else a browser's page may come from")] = []
    mosquitto: Annotated[Path | None, Field(description="the Mosquitto to run; else the one on the PATH")] = None
    websocket_port: Annotated[
        Port, Field(description="Mosquitto's own WebSocket port, for a proxy in front; 0 takes any free one")
    ] = 0
    connections: Annotated[int, Field(ge=1, description="connections at once to our own web server")] = 2_000
    connections_per_address: Annotated[int, Field(ge=1, description="connections at once from one address")] = 64
    effort: Annotated[
        int,
        Field(
            ge=0,
            le=EFFORT_MAX,
            description="work asked of a browser before each wish, in bits; 0 is off, 16 is sensible",
        ),
    ] = 0
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="what is logged")] = "warning"
    log_format: Annotated[Literal["console", "json"], Field(description="for people, or for machines")] = "console"

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


def load(file: Path | None, **given: object) -> Settings:
    """Read the settings.

    Args:
        file: a TOML file; None takes `passerby.toml` of the working directory when there is one.
        given: from the command line; None is as if not given.

    Raises:
        SettingsError: when the file is missing or something in it, or in the environment, is wrong.
    """
    if file is not None and not file.is_file():
        raise SettingsError(f"{file} is not there")
    chosen = file or DEFAULT_FILE

    class Chosen(Settings):
        model_config = SettingsConfigDict(toml_file=chosen)

    try:
        return Chosen(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, part['loc'])) or 'settings'}: {part['msg']}" for part in error.errors())
        raise SettingsError("\n".join(lines)) from None
    except ValueError as error:
        raise SettingsError(f"{chosen}: {error}") from None
