"""Pictures and voice notes of one talk, in both directions: what the talk owns.

send(goods), drop(nth) ─► Outgoing ─► words, bytes        words, bytes ─► Incoming ─► checked in a thread ─► Arrived
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from broker.conversation import Drop, Parcel, ParcelRefusal, Refuse, Taken
from stranger import events
from stranger.channels import Pipe
from stranger.parcels.formats import sniff
from stranger.parcels.goods import Goods, Later, Made, Unfit
from stranger.parcels.incoming import Incoming
from stranger.parcels.incoming import Told as ToldOfIncoming
from stranger.parcels.outgoing import Outgoing
from stranger.parcels.picture import receive

About = Parcel | Drop | Refuse | Taken
Told = ToldOfIncoming | events.Taken | events.Refused

_EYES: Final = ThreadPoolExecutor(2, "passerby-parcels")
"""Two for all talks of this process: to unfold what may come can take half a gigabyte each."""


class Parcels:
    """What comes and goes beside words. Belongs to a running event loop.

    Args:
        pipe: the channel for what is big. Whoever owns it hands on what it tells: `hear_bytes`, `drained`, `close`.
        say: says something about a parcel, on the channel of words.
        tell: tells whoever reads the talk.
        now: seconds.
        later: calls back in so many seconds.
    """

    def __init__(
        self,
        pipe: Pipe,
        *,
        say: Callable[[About], object],
        tell: Callable[[Told], object],
        now: Callable[[], float],
        later: Later,
    ) -> None:
        self._outgoing = Outgoing(pipe, say=say, tell=tell, later=later)
        self._incoming = Incoming(say=say, tell=tell, check=self._check, now=now, later=later)
        self._looking: asyncio.Future[Made | ParcelRefusal] | None = None

    def send(self, goods: Goods) -> int | None:
        """Send it when its turn comes. Its number; None when eight wait already, or there is no way.

        Raises:
            ValueError: when it cannot be announced like that.
        """
        return self._outgoing.give(goods)

    def drop(self, nth: int) -> None:
        """Do not send this one of mine any more."""
        self._outgoing.drop(nth)

    def refuse(self, nth: int) -> None:
        """Take no more of this one of the stranger's."""
        self._incoming.refuse(nth)

    def hear(self, message: About) -> None:
        """Take what the stranger says about one."""
        match message:
            case Parcel():
                self._incoming.announced(message)
            case Drop():
                self._incoming.dropped(message.id)
            case Refuse():
                self._outgoing.refused(message.id, message.why)
            case Taken():
                self._outgoing.taken(message.id)

    def hear_bytes(self, data: object) -> None:
        """Take what came on the channel for what is big."""
        self._incoming.hear(data)

    def drained(self) -> None:
        """There is room in that channel."""
        self._outgoing.pump()

    def close(self) -> None:
        """Nothing comes or goes any more, and nothing is kept; what was under way is told as lost."""
        self._outgoing.close()
        self._incoming.close()
        if self._looking is not None:
            self._looking.cancel()

    def _check(self, parcel: Parcel, data: bytearray, done: Callable[[Made | ParcelRefusal], None]) -> None:
        looking = asyncio.get_running_loop().run_in_executor(_EYES, look, parcel, data)
        looking.add_done_callback(lambda seen: None if seen.cancelled() else done(seen.result()))
        self._looking = looking


def look(parcel: Parcel, data: bytearray) -> Made | ParcelRefusal:
    """Make of a stranger's bytes what can be seen or heard, or tell why not. Takes time."""
    try:
        if parcel.what == "image":
            return receive(parcel.type, data)
    except Unfit as unfit:
        return unfit.why
    except Exception:  # noqa: BLE001  as when memory is short: it is the stranger's picture that does not come, no more
        return "unreadable"
    return Made(parcel.type, bytes(data)) if sniff(data) == parcel.type else "type"
