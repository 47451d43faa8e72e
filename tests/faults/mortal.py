"""The matcher's command as a process that can die: from outside at any time, or by itself in the midst of a match.

    python -m tests.faults.mortal matcher …      MORTAL=n:k  at its nth match, when k of the two have been told
                                                 MORTAL_KEEPALIVE=s  how often it, and each peer, gives a sign of life

Its keep-alive is short, so that a broker soon notices when it hangs; and who finds a new broker does not wait long for
somebody else.
"""

import asyncio
import os
import signal
from typing import Any
from unittest.mock import patch

from broker.messages import Matched
from matcher import link, standing_by
from matcher.effects import Effect, Send
from matcher.presence import Pace
from matcher.service import Service
from passerby.cli import main

KEEPALIVE_S = 4
RETURN_S = 1.0
GIVEN_S = os.environ.get("MORTAL_KEEPALIVE")
LAST_WORDS_S = 0.1
"""What was said before is to reach the broker."""


class Mortal(Service):
    """A service with its death before it."""

    _nth, _told = map(int, os.environ.get("MORTAL", "0:0").split(":"))
    _matches = 0
    _dead = False

    def __init__(self, *args: Any, **settings: Any) -> None:
        pace = Pace() if GIVEN_S is None else Pace(int(GIVEN_S), 1.5 * int(GIVEN_S), 2.25 * int(GIVEN_S))
        super().__init__(*args, pace=pace, **settings)

    def _do(self, effects: list[Effect]) -> None:
        if self._dead:
            return
        of_match = [place for place, effect in enumerate(effects) if _is_matched(effect)]
        is_match = len(of_match) > 1  # one alone is told again what it was told before
        self._matches += is_match
        if not is_match or self._matches != self._nth:
            super()._do(effects)
            return
        super()._do(effects[: of_match[self._told]])
        self._dead = True
        asyncio.get_running_loop().call_later(LAST_WORDS_S, os.kill, os.getpid(), signal.SIGKILL)


def _is_matched(effect: Effect) -> bool:
    return isinstance(effect, Send) and isinstance(effect.message, Matched)


if __name__ == "__main__":
    with (
        patch.object(link, "KEEPALIVE_S", int(GIVEN_S or KEEPALIVE_S)),
        patch.object(standing_by, "RETURN_S", RETURN_S),
        patch("passerby.running.Service", Mortal),
    ):
        main()
