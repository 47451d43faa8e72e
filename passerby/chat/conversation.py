"""One talk as a terminal shows it: its lines, who types, the check words, how it ended. Pure: it is handed the time.

It lives until the next one begins, or its user goes back to the lobby, and with it goes all that was said: nothing of
it is written anywhere, but what its user asks to keep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from broker.conversation import ParcelWhat
from passerby.chat import harmless, texts
from stranger import events

TEXT_MOST: Final = 4_000
"""Letters in a line; the bound of the wire."""
LINES_MOST: Final = 1_000
"""A flood must not fill the memory; the oldest lines go."""
KEPT_BYTES: Final = 64 * 1024 * 1024
KEPT_MOST: Final = 60
"""So much of what was sent is held until the end of the talk, the oldest going first."""

TYPING_EVERY_S: Final = 2.5
"""That I am typing is said at most this often …"""
TYPING_QUIET_S: Final = 4.0
"""… and ends after so long without a key."""
TYPING_EXPIRES_S: Final = 6.0
"""That the stranger is typing is believed for so long."""

Who = Literal["me", "stranger"]
Stand = Literal["going", "here", "old"] | events.Gone


@dataclass(slots=True)
class Spoken:
    """A line that somebody said. `arrived` is of mine: the stranger has it."""

    id: int
    who: Who
    nth: int
    text: str
    arrived: bool = False


@dataclass(slots=True)
class Sent:
    """A picture or a voice note. `number` is what its user calls it, from 1; of mine it is 0."""

    id: int
    who: Who
    nth: int
    number: int
    what: ParcelWhat
    size: int
    stand: Stand = "going"
    ms: int | None = None


@dataclass(slots=True)
class Note:
    """What is told by us, and by nobody in the talk."""

    id: int
    text: str


Line = Spoken | Sent | Note


@dataclass(frozen=True, slots=True)
class Good:
    """All of a picture or a voice note."""

    what: ParcelWhat
    type: str
    data: bytes = field(repr=False)


class Conversation:
    """A talk.

    Args:
        stranger: their nickname, as they sent it.
        tags: what both like.
        hides: whether they hide their address.
    """

    def __init__(self, stranger: str, tags: Sequence[str] = (), *, hides: bool = False) -> None:
        self.stranger = harmless.name(stranger)
        self.tags = tuple(harmless.name(tag) for tag in tags)
        self.hides = hides
        self.lines: list[Line] = []
        self.they_type = False
        self.words: tuple[tuple[int, str], ...] | None = None
        self.over: Literal["left", "lost"] | None = None
        self._count = self._said = self._numbers = 0
        self._goods: dict[int, Good] = {}
        self._typing_said: float | None = None
        self._quiet_at = self._expires_at = 0.0
        self.note(texts.met(self.stranger))
        self.note(texts.common(self.tags))

    # ── mine ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def say(self, text: str) -> None:
        """Note what I say; the text itself tells that the typing is over."""
        self._add(lambda id_: Spoken(id_, "me", self._said, harmless.line(text)))
        self._said += 1
        self._typing_said = None

    def type(self, now: float, *, empty: bool) -> bool | None:
        """Tell what is to be said of my typing after a key: that I am, that I am not any more, or (None) nothing."""
        if self.over or (empty and self._typing_said is None):
            return None
        if empty:
            self._typing_said = None
            return False
        self._quiet_at = now + TYPING_QUIET_S
        if self._typing_said is not None and now - self._typing_said < TYPING_EVERY_S:
            return None
        self._typing_said = now
        return True

    def send(self, nth: int, what: ParcelWhat, size: int) -> None:
        """Note a picture of mine that is on its way."""
        self._add(lambda id_: Sent(id_, "me", nth, 0, what, size))

    def tick(self, now: float) -> bool:
        """Let pass what is over by now. Tells whether it is to be said that I type no more."""
        if self.they_type and now >= self._expires_at:
            self.they_type = False
        if self._typing_said is not None and now >= self._quiet_at:
            self._typing_said = None
            return True
        return False

    def note(self, text: str) -> None:
        """Tell something. The same twice in a row says nothing new."""
        last = self.lines[-1] if self.lines else None
        if text and not (isinstance(last, Note) and last.text == text):
            self._add(lambda id_: Note(id_, text))

    # ── theirs ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, event: events.Event, now: float) -> None:  # noqa: C901, PLR0912  one case for each event
        """Take what the talk tells. What ends it is `finish`'s."""
        match event:
            case events.Heard(nth=nth, text=text):
                self.they_type = False
                self._add(lambda id_: Spoken(id_, "stranger", nth, harmless.line(text)))
            case events.Got(nth=nth):
                for line in self.lines:
                    if isinstance(line, Spoken) and line.who == "me" and line.nth == nth:
                        line.arrived = True
            case events.Typing(on=on):
                self.they_type, self._expires_at = on, now + TYPING_EXPIRES_S
            case events.Words(numbers=numbers, words=words):
                self.words = tuple(zip(numbers, words, strict=True))
            case events.Coming(nth=nth, what=what, size=size):
                self._come(nth, what, size)
            case events.Arrived():
                self._arrive(event)
            case events.Missed(nth=nth, why=why):
                self._stand("stranger", nth, why)
            case events.Taken(nth=nth):
                self._stand("me", nth, "here")
            case events.Refused(nth=nth, why=why):
                self._stand("me", nth, why)
            case events.Direct(on=True) if self.hides:
                self.note(texts.wishes_direct(self.stranger))
            case events.Rang(video=video):
                self.note(texts.rang(self.stranger, video=video))
            case events.Advice():
                self.note(texts.SIGHT)
            case events.Notice(what=dropped):
                self.note(texts.DROPPED[dropped])
            case _:
                pass

    def finish(self, mood: Literal["left", "lost"]) -> None:
        """The talk is over; what was said stays to be read until one moves on."""
        if self.over is None:
            self.they_type, self._typing_said = False, None
            for line in self.lines:
                if isinstance(line, Sent) and line.stand == "going":
                    line.stand = "lost"
            self.note(texts.ended(self.stranger, mood))
            missing = sum(isinstance(line, Spoken) and line.who == "me" and not line.arrived for line in self.lines)
            self.note(texts.undelivered(missing))
            self.over = mood

    # ── pictures and voice notes ─────────────────────────────────────────────────────────────────────────────────────

    def good(self, number: int) -> Good | None:
        """Give a picture or a voice note of the stranger's, if it is here."""
        return self._goods.get(number)

    @property
    def newest(self) -> int | None:
        """The number of the newest that is here."""
        return max(self._goods, default=None)

    def coming(self, number: int) -> int | None:
        """Give how the stranger counts what its user calls `number`, if it is still coming."""
        found = self._sent(lambda line: line.number == number and line.who == "stranger" and line.stand == "going")
        return found.nth if found else None

    def _come(self, nth: int, what: ParcelWhat, size: int) -> Sent:
        self._numbers += 1
        number = self._numbers
        line = self._add(lambda id_: Sent(id_, "stranger", nth, number, what, size))
        assert isinstance(line, Sent)  # noqa: S101  for the type
        return line

    def _arrive(self, event: events.Arrived) -> None:
        line = self._sent(lambda line: line.who == "stranger" and line.nth == event.nth)
        arrived = line or self._come(event.nth, event.what, len(event.data))
        arrived.stand, arrived.ms, arrived.size = "here", event.ms, len(event.data)
        self._goods[arrived.number] = Good(event.what, event.type, event.data)
        while len(self._goods) > KEPT_MOST or sum(len(good.data) for good in self._goods.values()) > KEPT_BYTES:
            oldest = min(self._goods)
            del self._goods[oldest]
            for each in self.lines:
                if isinstance(each, Sent) and each.number == oldest:
                    each.stand = "old"

    def _stand(self, who: Who, nth: int, stand: Stand) -> None:
        line = self._sent(lambda line: line.who == who and line.nth == nth)
        if line is not None:
            line.stand = stand

    def _sent(self, fits: Callable[[Sent], bool]) -> Sent | None:
        return next((line for line in reversed(self.lines) if isinstance(line, Sent) and fits(line)), None)

    def _add(self, make: Callable[[int], Line]) -> Line:
        line = make(self._count)
        self._count += 1
        self.lines.append(line)
        del self.lines[:-LINES_MOST]
        return line


def sendable(draft: str) -> str:
    """Give what would be sent of a draft, without what has no shape; may be empty or too long."""
    return "".join(each for each in draft if each in "\n\t" or not harmless.shapeless(each)).strip()
