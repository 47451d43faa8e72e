"""When a bot looks for somebody: never in the place of another person (docs/decisions/0035). Pure.

    exactly known who waits   the bot looks when somebody has waited for longer than two people need to find each other,
                              and no longer when another one comes
    the pulse, and no more    it looks only where hardly anybody is here, never by two at once, and rests after each
                              beginning and end of a talk, so that two people who look then find each other

The first is for a bot in the process of the service, the second for any other.
"""

from dataclasses import dataclass
from typing import Final

ALONE_S: Final = 6.0
"""Who has waited for so long has nobody to meet: topics and languages are given up after 5 s."""

PREFER_S: Final = 20.0
"""While a bot talks with one person, another one waits for so much longer: the first may press Next for them."""

TRY_S: Final = 25.0
"""So long one bot looks; then it is another's turn, whom who waits may not have blocked or just met. The service keeps
some apart from others for 20 s."""

REST_S: Final = 15.0
"""What is not exactly known is left alone for so long."""

FEW: Final = 10
"""Where the pulse tells of so many others, they have each other. It rounds up to a multiple of 5."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of who is here.

    `waiting` is how many people wait, without our own, or None when that is not known exactly; `here` what the pulse
    says, our own among them, or None before it has said anything; `talks` how many people talk with one of us.
    """

    waiting: int | None
    here: int | None
    talks: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do: look for somebody, and tell those who talk with us that somebody waits."""

    look: bool = False
    tell: bool = False


class Manners:
    """What a bot remembers of who was here. `ours` is how many peers of its own are connected."""

    def __init__(self, ours: int) -> None:
        self._ours = ours
        self._waiting = 0
        self._since: float | None = None
        self._talks = 0
        self._rest_until = float("-inf")

    def judge(self, sight: Sight, now: float) -> Verdict:
        """Decide, at `now` in seconds."""
        if sight.talks != self._talks:
            self._talks, self._rest_until = sight.talks, now + REST_S
        if sight.waiting is not None:
            return self._exactly(sight.waiting, sight.talks, now)
        few = sight.here is not None and sight.here - self._ours < FEW
        return Verdict(look=few and now >= self._rest_until)

    def met_a_bot(self, now: float, dice: float) -> None:
        """Another one of our kind is here, too: keep away for a while, of which `dice` (0 to 1) decides."""
        self._rest_until = now + REST_S * (2 + 4 * dice)

    def _exactly(self, waiting: int, talks: int, now: float) -> Verdict:
        came = waiting > self._waiting
        if waiting != self._waiting or self._since is None:
            self._since = now  # who is left, or has come, may be about to meet somebody
        self._waiting = waiting
        if waiting == 0:
            self._since = None
            return Verdict()
        patience_s = ALONE_S + (PREFER_S if talks else 0.0)
        return Verdict(look=now - self._since >= patience_s, tell=came and talks > 0)
