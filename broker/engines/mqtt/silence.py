"""Mutes the loggers of the libraries underneath: they print addresses, client ids, topics and payloads."""

import logging
from typing import Final

LOGGERS: Final = (
    "aiohttp.access",
    "aiohttp.internal",
    "aiohttp.server",
    "aiohttp.web",
    "aiohttp.websocket",
    "amqtt",
    "passerby.amqtt",
    "transitions",
    "websockets",
)


def silence() -> None:
    """Mute them, at every level, also when somebody turns on logging for everything."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
        if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            logger.addHandler(logging.NullHandler())
