"""Standing by: decides when a service that watches the pulse takes over. Pure: step(event, now) -> whether to.

    watching ── pulse ──────────────────────► somebody is at work: another 40 s
             ── down ───────────────────────► it has ended, or was lost: it may be back in 3 s
             ── nothing stands there ───────► the broker has just begun: 8 s for who was at work before
             ── none of that came ──────────► take over, with an epoch above all that were seen
             ── no gate has been asked for 12 s, of more than half of them: the same, where gates are asked

A lower epoch than the highest that was seen means nothing: it is of who has been relieved. Time in which we could not
hear, cut off or standing still ourselves, proves nothing either.
"""

import math
from dataclasses import dataclass
from typing import Final

from broker.messages import Down, Pulse
from matcher.headcount import PULSE_S

SILENCE_S: Final = 2.5 * PULSE_S
"""Without a pulse for so long a service hangs, or is cut off. One may be lost, and the next a little late."""

GRACE_S: Final = 3.0
"""After `down`: who only lost its connection is back by then, with all that it knows."""

RETURN_S: Final = 8.0
"""Where nothing stands on the topic, as in a new broker: who was at work is back by then, as it tries every 5 s."""

QUIET_S: Final = 12.0
"""A gate is asked four times a second by who is at work; who lost its node is at another within 8 s."""

STALL_S: Final = 5.0
"""After this long without a step we have not been listening."""


@dataclass(frozen=True, slots=True)
class Opened:
    """There is a connection; what is retained comes now."""


@dataclass(frozen=True, slots=True)
class Seen:
    """This stands on the pulse topic."""

    message: Pulse | Down


@dataclass(frozen=True, slots=True)
class Visited:
    """What more than half of the gates say: the highest epoch that asked them, and how long ago one was asked."""

    epoch: int
    ago_s: float


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection is lost."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Time has passed."""


Event = Opened | Seen | Visited | Closed | Passed


class StandingBy:
    """One who watches.

    Args:
        retained: whether the broker keeps the pulse for who comes later.
        patience_s: waited beyond all that, up to a second, drawn for each who watches, so that one of them is first.
    """

    def __init__(self, *, retained: bool, patience_s: float) -> None:
        self._nothing_s = RETURN_S if retained else SILENCE_S
        self._patience_s = patience_s
        self._due = math.inf
        self._open = False
        self._stepped = math.inf
        self.epoch = 0
        """The highest that was seen; 0 is none."""
        self.here = 0
        """How many were here, as the last pulse told."""

    def step(self, event: Event, now: float) -> bool:
        """Take in one event; tells whether it is time to take over.

        Args:
            event: what happened.
            now: seconds that never jump.
        """
        if now - self._stepped > STALL_S:
            self._due += now - self._stepped
        self._stepped = now
        match event:
            case Opened():
                self._open, self._due = True, now + self._nothing_s + self._patience_s
            case Closed():
                self._open, self._due = False, math.inf
            case Visited(epoch, ago_s):
                self.epoch = max(self.epoch, epoch)
                if self._open and ago_s >= QUIET_S:
                    self._due = min(self._due, now + self._patience_s)
            case Seen(message):
                self._see(message, now)
            case Passed():
                pass
        return now >= self._due

    def _see(self, message: Pulse | Down, now: float) -> None:
        if message.epoch < self.epoch:
            return
        self.epoch = message.epoch
        if isinstance(message, Pulse):
            self.here = message.here
            self._due = now + SILENCE_S + self._patience_s
        else:
            self._due = min(self._due, now + GRACE_S + self._patience_s)
