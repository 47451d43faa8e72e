"""Sends parcels, one after the other.

It announces each on the channel of words, sends its bytes on the other one in small pieces, and waits for the
stranger's word about it before the next begins. It knows nothing of pictures and sound, and is handed the timers.

    me ── parcel{id, size} ──►                   words
       ── id ‖ bytes, id ‖ bytes, … ──►          bytes
       ◄── taken{id}  or  refuse{id, why} ──     words
       ── drop{id} ──►                           words, when I change my mind
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from broker.conversation import PARCEL_BYTES, Drop, Parcel, ParcelRefusal
from stranger.channels import Pipe
from stranger.events import Refused, Taken
from stranger.parcels.goods import HEAD_BYTES, Goods, Later, Timer

CHUNK_BYTES: Final = 16 * 1024
"""SCTP sends a message whole: what is typed waits for at most one of these."""
BUFFERED_BYTES: Final = 32 * 1024
"""So much may wait in the pipe; from half of it on there is more."""
WAITING_LIMIT: Final = 8
"""What may wait for its turn."""
ANSWER_S: Final = 30.0
"""A stranger who says nothing about a parcel does not hold up the next for longer."""


@dataclass(slots=True)
class _Piece:
    parcel: Parcel
    data: bytes
    sent: int = 0


class Outgoing:
    """What leaves in one talk."""

    def __init__(
        self,
        pipe: Pipe,
        *,
        say: Callable[[Parcel | Drop], object],
        tell: Callable[[Taken | Refused], object],
        later: Later,
    ) -> None:
        self._pipe, self._say, self._tell, self._later = pipe, say, tell, later
        self._waiting: deque[_Piece] = deque()
        self._unanswered: dict[int, None] = {}
        """Sent, and not yet spoken of by the stranger; in their order."""
        self._current: _Piece | None = None
        self._count = 0
        self._patience: Timer | None = None
        self._closed = False
        pipe.low(BUFFERED_BYTES // 2)

    def give(self, goods: Goods) -> int | None:
        """Take something to be sent. Its number; None when too many wait, it is empty or too big, or there is no way.

        Raises:
            ValueError: when it cannot be announced like that, as for a wave of more than 64 parts.
        """
        size = len(goods.data)
        if self._closed or not self._pipe.ready or len(self._waiting) >= WAITING_LIMIT:
            return None
        if not 1 <= size <= PARCEL_BYTES:
            return None
        wave = list(goods.wave) or None
        parcel = Parcel(id=self._count, what=goods.what, type=goods.type, size=size, ms=goods.ms, wave=wave)
        self._count += 1
        self._waiting.append(_Piece(parcel, goods.data))
        self._next()
        return parcel.id

    def taken(self, nth: int) -> None:
        """The stranger says that it has arrived."""
        if nth in self._unanswered:
            self._settle(nth, Taken(nth))

    def refused(self, nth: int, why: ParcelRefusal) -> None:
        """The stranger says that they do not take it."""
        if nth in self._unanswered or self._is_current(nth):
            self._settle(nth, Refused(nth, why))

    def pump(self) -> None:
        """There is room in the pipe."""
        piece = self._current
        if piece is None or piece.data == b"":
            return
        size = piece.parcel.size
        while piece.sent < size and self._pipe.ready and self._pipe.buffered < BUFFERED_BYTES:
            part = piece.data[piece.sent : piece.sent + CHUNK_BYTES]
            try:
                self._pipe.send(piece.parcel.id.to_bytes(HEAD_BYTES, "big") + part)
            except ValueError:  # the stranger has said that they take less at once, so nothing can come of it
                self._give_up(piece.parcel.id, "lost")
                return
            piece.sent += len(part)
        if piece.sent == size:
            self._rest(piece)

    def drop(self, nth: int) -> None:
        """I do not want to send it any more."""
        early = next((piece for piece in self._waiting if piece.parcel.id == nth), None)
        if early:  # not announced, so there is nobody to tell
            self._waiting.remove(early)
            self._settle(nth, Refused(nth, "stopped"))
        elif nth in self._unanswered or self._is_current(nth):
            self._give_up(nth, "stopped")

    def close(self) -> None:
        """No more can be sent. Nothing of it is kept; what was under way is told as lost."""
        if self._closed:
            return
        self._closed = True
        self._be_patient(on=False)
        left = [*self._unanswered, *(piece.parcel.id for piece in self._waiting)]
        if self._current and self._current.parcel.id not in self._unanswered:
            left.insert(0, self._current.parcel.id)
        self._current = None
        self._waiting.clear()
        self._unanswered.clear()
        for nth in left:
            self._tell(Refused(nth, "lost"))

    def _next(self) -> None:
        if self._current is None and self._waiting:
            self._current = self._waiting.popleft()
            self._say(self._current.parcel)
            self.pump()

    def _rest(self, piece: _Piece) -> None:
        """All of it is on its way."""
        piece.data = b""
        self._unanswered[piece.parcel.id] = None
        self._be_patient(on=True)

    def _leave(self) -> None:
        self._be_patient(on=False)
        self._current = None
        self._next()

    def _give_up(self, nth: int, why: Literal["stopped", "lost"]) -> None:
        self._say(Drop(id=nth))
        self._settle(nth, Refused(nth, why))

    def _settle(self, nth: int, event: Taken | Refused) -> None:
        """Tell the last word about a parcel."""
        self._unanswered.pop(nth, None)
        self._tell(event)
        if self._is_current(nth):
            self._leave()

    def _is_current(self, nth: int) -> bool:
        return self._current is not None and self._current.parcel.id == nth

    def _be_patient(self, *, on: bool) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = self._later(ANSWER_S, self._leave) if on else None
