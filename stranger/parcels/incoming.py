"""Puts together what a stranger sends beside words, and bounds it.

How big a parcel is, how many are under way, how many come in a minute, and what of the rest is looked at. Nothing that
comes can raise here, hold more than three parcels of memory, or cost the reader more than one line. What is complete is
handed on to be checked, one at a time.

The two channels do not wait for each other, so bytes may come before the word that announces them, and after the one
that ends them. It is handed the time and the timers, and knows neither pictures nor sound.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal

from broker.conversation import Parcel, ParcelRefusal, Refuse, Taken
from stranger.events import Arrived, Coming, Missed, Notice
from stranger.parcels.goods import HEAD_BYTES, Later, Made, Timer

OPEN_LIMIT: Final = 3
"""Parcels under way, those that are being checked among them. A page sends one after the other."""
PER_MINUTE: Final = 15
BURST: Final = 20
EARLY_LIMIT: Final = 64
"""Bytes that overtook the word about them: so many messages are kept, for the one parcel that comes next."""
EARLY_BYTES: Final = 1024 * 1024
LATE_BYTES: Final = 16 * 1024 * 1024
"""What was already under way when I refused it is nobody's fault."""
STALLED_S: Final = 30.0
"""Nothing has come for so long: it will not come."""

Told = Coming | Arrived | Missed | Notice
Check = Callable[[Parcel, bytearray, Callable[[Made | ParcelRefusal], None]], None]
"""Checks it and makes of it what can be shown, or tells why not: by the last argument, now or later. The bytes are
lent, and zeros once nobody wants them any more."""


@dataclass(slots=True, eq=False)
class _Piece:
    parcel: Parcel
    data: bytearray = field(default_factory=bytearray)
    """Set up with the first of them."""
    got: int = 0
    stalled: Timer | None = None


@dataclass(slots=True)
class _Early:
    nth: int
    parts: list[bytes] = field(default_factory=list)
    size: int = 0


class Incoming:
    """What comes in one talk."""

    def __init__(
        self,
        *,
        say: Callable[[Refuse | Taken], object],
        tell: Callable[[Told], object],
        check: Check,
        now: Callable[[], float],
        later: Later,
    ) -> None:
        self._say, self._tell, self._check, self._now, self._later = say, tell, check, now, later
        self._open: dict[int, _Piece] = {}
        self._whole: deque[_Piece] = deque()
        self._checking = False
        self._early: _Early | None = None
        self._last = -1
        self._late = 0
        self._tokens: float = BURST
        self._filled = now()
        self._noticed: set[str] = set()
        self._closed = False

    def announced(self, parcel: Parcel) -> None:
        """The stranger begins to send it."""
        if self._closed:
            return
        if parcel.id <= self._last:
            self._notice("stray")
            return
        self._last = parcel.id
        overtook = self._early.parts if self._early and self._early.nth == parcel.id else []
        self._early = None
        if len(self._open) >= OPEN_LIMIT or not self._pays():
            self._say(Refuse(id=parcel.id, why="many"))
            self._notice("flood")
            return
        piece = self._open[parcel.id] = _Piece(parcel)
        self._tell(Coming(parcel.id, parcel.what, parcel.size))
        if parcel.type.startswith("image/") != (parcel.what == "image"):
            self._decline(piece, "type")
            return
        self._wait(piece)
        for part in overtook:
            self._take(parcel.id, part)

    def hear(self, data: object) -> None:
        """Something came on the channel for what is big."""
        if self._closed:
            return
        if isinstance(data, bytes) and len(data) > HEAD_BYTES:
            self._take(int.from_bytes(data[:HEAD_BYTES], "big"), data[HEAD_BYTES:])
        else:
            self._notice("stray")

    def dropped(self, nth: int) -> None:
        """The stranger sends no more of it."""
        if piece := self._open.get(nth):
            self._end(piece, Missed(nth, "stopped"))

    def refuse(self, nth: int) -> None:
        """I want no more of it."""
        if piece := self._open.get(nth):
            self._decline(piece, "unwanted")

    def close(self) -> None:
        """Nothing of it is kept; what was under way is told as lost."""
        self._closed = True
        self._early = None
        for piece in list(self._open.values()):
            self._end(piece, Missed(piece.parcel.id, "lost"))

    def _take(self, nth: int, part: bytes) -> None:
        if piece := self._open.get(nth):
            self._add(piece, part)
        elif nth > self._last:
            self._keep_early(nth, part)
        else:
            self._late += len(part)
            if self._late > LATE_BYTES:
                self._notice("stray")

    def _add(self, piece: _Piece, part: bytes) -> None:
        size = piece.parcel.size
        if piece.got + len(part) > size:
            self._decline(piece, "size")
            return
        # One buffer, however small the parts: millions of tiny ones would weigh far more than what is in them.
        if piece.got == 0:
            piece.data = bytearray(size)
        piece.data[piece.got : piece.got + len(part)] = part
        piece.got += len(part)
        if piece.got < size:
            self._wait(piece)
            return
        _stop(piece)
        self._whole.append(piece)
        self._check_next()

    def _keep_early(self, nth: int, part: bytes) -> None:
        early = self._early = self._early or _Early(nth)
        if early.nth != nth or len(early.parts) >= EARLY_LIMIT or early.size + len(part) > EARLY_BYTES:
            self._notice("stray")
            return
        early.parts.append(part)
        early.size += len(part)

    def _check_next(self) -> None:
        while self._whole and not self._checking:
            piece = self._whole.popleft()
            if self._is_open(piece):  # not taken back or refused while others were checked
                self._checking = True
                self._check(piece.parcel, piece.data, partial(self._checked, piece))

    def _checked(self, piece: _Piece, made: Made | ParcelRefusal) -> None:
        self._checking = False
        parcel = piece.parcel
        if not self._is_open(piece):
            pass
        elif not isinstance(made, Made):
            self._decline(piece, made)
        else:
            about = (parcel.ms, tuple(parcel.wave or ())) if parcel.what == "voice" else (None, ())
            self._end(piece, Arrived(parcel.id, parcel.what, made.type, made.data, *about))
            self._say(Taken(id=parcel.id))
        self._check_next()

    def _is_open(self, piece: _Piece) -> bool:
        return self._open.get(piece.parcel.id) is piece

    def _wait(self, piece: _Piece) -> None:
        _stop(piece)
        piece.stalled = self._later(STALLED_S, lambda: self._decline(piece, "unreadable"))

    def _decline(self, piece: _Piece, why: ParcelRefusal) -> None:
        self._say(Refuse(id=piece.parcel.id, why=why))
        self._end(piece, Missed(piece.parcel.id, why))

    def _end(self, piece: _Piece, event: Arrived | Missed) -> None:
        _stop(piece)
        piece.data[:] = bytes(len(piece.data))
        del self._open[piece.parcel.id]
        self._tell(event)

    def _pays(self) -> bool:
        now = self._now()
        self._tokens = min(BURST, self._tokens + max(0.0, now - self._filled) / 60 * PER_MINUTE)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _notice(self, what: Literal["flood", "stray"]) -> None:
        if what not in self._noticed:
            self._noticed.add(what)
            self._tell(Notice(what))


def _stop(piece: _Piece) -> None:
    if piece.stalled is not None:
        piece.stalled.cancel()
        piece.stalled = None
