"""Bots in the process of the service: they know exactly who waits, and nobody meets them who could meet a person."""

import structlog

from matcher.service import Service
from passerby.certificate import trust
from passerby.echo.bots import Bots
from stranger import errors
from stranger.place import Place

_log = structlog.get_logger()


async def serve(place: Place, nickname: str, service: Service) -> None:
    """Be there until cancelled. When something is the matter with them, that is a log line and no more."""

    def waiting() -> int:
        lobby = service.stats().lobby
        return lobby.waiting if lobby else 0

    try:
        # The certificate is one that this very process has made for this run, if there is one.
        async with Bots.entered(place, nickname, waiting=waiting, tls=trust(insecure=True)) as bots:
            await bots.run()
    except errors.Trouble as error:
        _log.warning("the bot is gone", reason=str(error))
