"""One talk, as its user has it: says things, and is iterated over for what comes (`events`).

    async with me.meet() as talk:
        await talk.say("hello")
        async for event in talk: …

It ends with Over or Alarm, or when one of `leave`, `skip` and `block` is called. Nothing of it is kept anywhere.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, Literal, Self

from aiortc import MediaStreamTrack

from broker.conversation import (
    Accept,
    Answer,
    Candidates,
    Direct,
    Drop,
    Got,
    Hangup,
    Hello,
    Offer,
    Parcel,
    Refuse,
    Ring,
    Said,
    SeatTold,
    Sending,
    Taken,
    Text,
    Typing,
)
from broker.messages import LeaveMood, Matched, Mood, ReportReason, ToldMood
from stranger import events, voice
from stranger.callmedia import CallMedia
from stranger.calls import CallPorts, Calls
from stranger.errors import Ended
from stranger.meeting import Spoken
from stranger.negotiation import Negotiation, NegotiationPorts
from stranger.parcels import picture
from stranger.parcels.goods import Goods
from stranger.parcels.parcels import Parcels
from stranger.peer import Peer
from stranger.reach import Reach
from stranger.words import WORDS

TEXT_MOST: Final = 4_000
"""Letters (code points) in a line."""

UNREAD_MOST: Final = 1_000
UNREAD_BYTES: Final = 64 * 1024 * 1024
"""So many events, and bytes of pictures and voice notes, are kept for who does not read; what comes then is dropped."""

EARLY_MOST: Final = 64
"""Messages on the channel for what is big that may come before the hello."""

SAID_PER_S: Final = 30.0
SAID_BURST: Final = 60.0
"""A page takes 40 messages a second and 80 at once, and drops what is more: we keep below that."""


@dataclass(frozen=True, slots=True)
class TalkPorts:
    """What a talk asks of the peer that has it; all are about this talk."""

    say: Callable[[Said], None]
    post: Callable[[Spoken, str], None]
    leave: Callable[[LeaveMood], None]
    alarm: Callable[[events.AlarmReason], None]
    report: Callable[[ReportReason], bool]
    block: Callable[[], bool]


class Talk:
    """A talk with one stranger.

    `nickname` is the stranger's, `tags` what both care for, `hides` whether they hide their address, `words` what the
    two can compare (empty until both have told their part), and `mood` how it ended.
    """

    def __init__(self, matched: Matched, ports: TalkPorts) -> None:
        self._ports = ports
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[events.Event | None] = asyncio.Queue()
        self._unread = 0
        self._noticed: set[events.What] = set()
        self._lines = 0
        self._budget, self._filled = SAID_BURST, self._loop.time()
        self.nickname = ""
        self.hides = False
        self.session = matched.session
        self.role = matched.role
        self.tags = tuple(matched.tags)
        self.rendezvous = ""
        self._peer: Peer | None = None
        self._parcels: Parcels | None = None
        self._early: list[object] = []
        self._negotiation: Negotiation | None = None
        self._calls: Calls | None = None
        self._reach = Reach()
        self.words: tuple[str, ...] = ()
        self.mood: Mood | None = None
        self.ended_at: float | None = None

    # ── what its user does ───────────────────────────────────────────────────────────────────────────────────────────

    @property
    def over(self) -> bool:
        """Whether it is over."""
        return self.mood is not None

    def __aiter__(self) -> AsyncIterator[events.Event]:
        return self

    async def __anext__(self) -> events.Event:
        """Give what comes next; ends with the talk."""
        event = None if self.over and self._events.empty() else await self._events.get()
        if event is None:
            raise StopAsyncIteration
        self._unread -= _weight(event)
        return event

    async def say(self, text: str) -> int:
        """Say a line; gives its number, by which `Got` tells that it has arrived.

        Raises:
            Ended: when the talk is over.
            ValueError: when it is empty, or longer than `TEXT_MOST` letters.
        """
        if not 1 <= len(text) <= TEXT_MOST:
            raise ValueError(f"a line has 1 to {TEXT_MOST} letters")
        number, self._lines = self._lines, self._lines + 1
        await self._send(Text(id=number, text=text))
        return number

    async def typing(self, *, on: bool = True) -> None:
        """Tell that something is being written; the other page believes it for 6 s.

        Raises:
            Ended: when the talk is over.
        """
        await self._send(Typing(on=on))

    async def send_image(self, file: bytes) -> int:
        """Send a picture, drawn anew, so that nothing that was written beside it goes along; gives its number.

        Raises:
            Ended: when the talk is over.
            Unfit: when it cannot be read, is of no type that is sent, or too big. A ValueError; `why` tells.
            ValueError: when as many wait already as may.
        """
        return self.send(await asyncio.to_thread(picture.prepare, file))

    async def send_voice(self, file: bytes) -> int:
        """Send any sound as a voice note; the same."""
        return self.send(await asyncio.to_thread(voice.from_file, file))

    def send(self, goods: Goods) -> int:
        """Send a picture or a voice note that is ready to be sent; gives its number. It is not looked at again.

        Raises:
            Ended: when the talk is over.
            ValueError: when it is none that the wire can carry, or as many wait already as may.
        """
        if self.over or self._parcels is None:
            raise Ended("the talk is over")
        nth = self._parcels.send(goods)
        if nth is None:
            raise ValueError("too many pictures and voice notes wait already")
        return nth

    def drop(self, nth: int) -> None:
        """Do not send this picture or voice note of mine any more."""
        if self._parcels is not None:
            self._parcels.drop(nth)

    def refuse(self, nth: int) -> None:
        """Take no more of this one of the stranger's."""
        if self._parcels is not None:
            self._parcels.refuse(nth)

    async def direct(self, *, on: bool = True) -> None:
        """Tell that the two may talk directly, so that each learns the other's address.

        Raises:
            Ended: when the talk is over.
        """
        await self._send(Direct(on=on))

    async def ring(
        self, *, video: bool = False, audio: MediaStreamTrack | None = None, picture: MediaStreamTrack | None = None
    ) -> None:
        """Ask for a call by voice, or with a picture: `Called` or `HungUp` tell what came of it, within 45 s.

        Where the stranger rings at that moment, it is a yes. Nothing while a call is asked for or going on.

        Args:
            video: whether each is to see the other; a call by voice stays one.
            audio: what is to be heard of me; stopped when the call is over or came to nothing.
            picture: what is to be seen of me; the same.

        Raises:
            Ended: when the talk is over.
        """
        self._going().ring(video=video, audio=audio, picture=picture)

    async def accept(self, *, audio: MediaStreamTrack | None = None, picture: MediaStreamTrack | None = None) -> None:
        """Say yes to the stranger's ring: `Called` follows, unless they have withdrawn it meanwhile.

        Args:
            audio: what is to be heard of me; stopped when the call is over.
            picture: what is to be seen of me, in a call that has pictures; the same.

        Raises:
            Ended: when the talk is over.
        """
        self._going().accept(audio=audio, picture=picture)

    async def replace(self, kind: Literal["audio", "video"], track: MediaStreamTrack | None) -> None:
        """In a call, send this in place of what was sent; None sends nothing. The stranger is told.

        Raises:
            Ended: when the talk is over.
        """
        self._going().send(kind, track)

    async def hang_up(self) -> None:
        """End a call, take a ring back, or say no to theirs: `HungUp` follows. The talk goes on.

        Raises:
            Ended: when the talk is over.
        """
        self._going().hang_up()

    @property
    def audio(self) -> MediaStreamTrack | None:
        """The stranger's voice, in a call. It ends with the call; what is not read within a second is dropped."""
        return self._calls.incoming("audio") if self._calls else None

    @property
    def video(self) -> MediaStreamTrack | None:
        """The stranger's picture, in a call that has one: the same, of the last few pictures."""
        return self._calls.incoming("video") if self._calls else None

    def leave(self) -> None:
        """End the talk."""
        self._ports.leave("left")

    def skip(self) -> None:
        """End the talk for somebody else. The stranger is told the same as by `leave`."""
        self._ports.leave("skipped")

    def report(self, reason: ReportReason) -> bool:
        """Report the stranger to the operator: a reason, and nothing else. Tells whether it was in time (50 s)."""
        return self._ports.report(reason)

    def block(self) -> bool:
        """Never meet this stranger again, and end the talk. Tells whether it was in time (50 s)."""
        return self._ports.block()

    async def _send(self, message: Said) -> None:
        await asyncio.sleep(self._wait_s())
        if self.over:
            raise Ended("the talk is over")
        self._ports.say(message)

    def _going(self) -> Calls:
        if self.over or self._calls is None:
            raise Ended("the talk is over")
        return self._calls

    def _agree(self, message: Spoken, sealed: bool) -> None:  # noqa: FBT001  as the negotiation asks
        """Say something about the connection; over the broker, where its channel may not carry it."""
        seat = self._reach.take(self._loop.time()) if sealed else None
        if seat is None:
            self._ports.say(message)
        else:
            self._ports.post(message, seat)

    def _wait_s(self) -> float:
        """Take a place in the line of what may be said; gives how long it takes until it is one's turn."""
        now = self._loop.time()
        self._budget = min(SAID_BURST, self._budget + (now - self._filled) * SAID_PER_S) - 1
        self._filled = now
        return max(0.0, -self._budget / SAID_PER_S)

    # ── what its peer and its meeting tell ───────────────────────────────────────────────────────────────────────────

    def opened(self, hello: Hello, peer: Peer, fingerprint: str, rendezvous: str) -> Self:
        """The stranger is who signaling said, by this certificate."""
        self.nickname, self.hides = hello.nickname, hello.relay
        self._peer, self.rendezvous = peer, rendezvous
        self._parcels = Parcels(
            peer.parcels, say=self._ports.say, tell=self.tell, now=self._loop.time, later=self._loop.call_later
        )
        for data in self._early:
            self._parcels.hear_bytes(data)
        self._early.clear()
        ports = NegotiationPorts(self._agree, lambda: self._ports.alarm("fingerprint"))
        negotiation = self._negotiation = Negotiation(peer, self.role, fingerprint, ports)
        self._calls = Calls(
            lambda ran_out: CallMedia(peer, self.role, negotiation.look, ran_out),
            CallPorts(self._ports.say, self.tell),
        )
        return self

    def heard(self, message: Said) -> None:
        """The stranger has said or done something."""
        match message:
            case Text():
                self._ports.say(Got(id=message.id))
                self.tell(events.Heard(message.id, message.text))
            case Got():
                if message.id < self._lines:
                    self.tell(events.Got(message.id))
            case Typing():
                self.tell(events.Typing(message.on))
            case Direct():
                self.tell(events.Direct(message.on))
            case Parcel() | Drop() | Refuse() | Taken():
                if self._parcels is not None:
                    self._parcels.hear(message)
            case SeatTold():
                self._reach.told(message, self._loop.time())
            case _:
                self._heard_of_calls(message)

    def _heard_of_calls(self, message: Said) -> None:
        if self._calls is not None and isinstance(message, Ring | Accept | Hangup | Sending):
            self._calls.hear(message)
        if self._negotiation is not None and isinstance(message, Offer | Answer | Candidates):
            self._negotiation.hear(message, sealed=False)

    def posted(self, message: Spoken) -> None:
        """The stranger looks for another way between the two, over the broker."""
        if self._negotiation is not None:
            self._negotiation.hear(message, sealed=True)

    def bytes(self, data: object) -> None:
        """Part of a parcel has come: perhaps before the hello, since the two channels do not wait for each other."""
        if self._parcels is not None:
            self._parcels.hear_bytes(data)
        elif len(self._early) < EARLY_MOST:
            self._early.append(data)

    def drained(self) -> None:
        """There is room for more of a parcel."""
        if self._parcels is not None:
            self._parcels.drained()

    def reach(self, seat: str, ttl_s: int) -> None:
        """Tell the stranger where we can be reached without the channel."""
        self._ports.say(SeatTold(seat=seat, ttl=ttl_s))

    def worded(self, numbers: tuple[int, ...]) -> None:
        """The check words are known; or there are none."""
        self.words = tuple(WORDS[number] for number in numbers)
        self.tell(events.Words(numbers, self.words))

    def advise(self, mood: ToldMood) -> None:
        """The service thinks that the stranger is gone."""
        self.tell(events.Advice(mood))

    def notice(self, what: events.What) -> None:
        """Something was dropped; that is told once."""
        if what not in self._noticed:
            self._noticed.add(what)
            self.tell(events.Notice(what))

    def finish(self, mood: Mood, last: events.Over | events.Alarm | None = None) -> None:
        """It is over, by whomever."""
        if self.over:
            return
        if self._parcels is not None:
            self._parcels.close()
        self._early.clear()
        self.mood, self.ended_at = mood, self._loop.time()
        if self._calls is not None:
            self._calls.close()
        if self._negotiation is not None:
            self._negotiation.close()
        if last is not None:
            self._events.put_nowait(last)
        self._events.put_nowait(None)

    def tell(self, event: events.Event) -> None:
        """Keep an event for who iterates."""
        if self.over:
            return
        if isinstance(event, events.Notice):  # as many as there are kinds of it
            self._events.put_nowait(event)
        elif self._events.qsize() >= UNREAD_MOST or self._unread + _weight(event) > UNREAD_BYTES:
            self.notice("unread")
        else:
            self._unread += _weight(event)
            self._events.put_nowait(event)


def _weight(event: events.Event) -> int:
    return len(event.data) if isinstance(event, events.Arrived) else 0
