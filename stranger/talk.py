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

from broker.conversation import Direct, Got, Hello, Said, SeatTold, Text, Typing
from broker.messages import LeaveMood, Matched, Mood, ReportReason, ToldMood
from stranger import events, voice
from stranger.affairs import EARLY_MOST, Affairs, AffairsPorts
from stranger.errors import Ended
from stranger.meeting import Spoken
from stranger.pace import Pace
from stranger.parcels import picture
from stranger.parcels.goods import Goods
from stranger.peer import Peer
from stranger.unread import Unread
from stranger.words import WORDS

TEXT_MOST: Final = 4_000
"""Letters (code points) in a line."""


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
        self._now = asyncio.get_running_loop().time
        self._unread = Unread()
        self._pace = Pace(self._now())
        self._lines = 0
        self._affairs: Affairs | None = None
        self._early: list[object] = []
        self.session = matched.session
        self.role = matched.role
        self.tags = tuple(matched.tags)
        self.nickname = ""
        self.hides = False
        self.rendezvous = ""
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
        event = await self._unread.next()
        if event is None:
            raise StopAsyncIteration
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
        nth = self._going().parcels.send(goods)
        if nth is None:
            raise ValueError("too many pictures and voice notes wait already")
        return nth

    def drop(self, nth: int) -> None:
        """Do not send this picture or voice note of mine any more."""
        if self._affairs is not None:
            self._affairs.parcels.drop(nth)

    def refuse(self, nth: int) -> None:
        """Take no more of this one of the stranger's."""
        if self._affairs is not None:
            self._affairs.parcels.refuse(nth)

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
        self._going().calls.ring(video=video, audio=audio, picture=picture)

    async def accept(self, *, audio: MediaStreamTrack | None = None, picture: MediaStreamTrack | None = None) -> None:
        """Say yes to the stranger's ring: `Called` follows, unless they have withdrawn it meanwhile.

        Args:
            audio: what is to be heard of me; stopped when the call is over.
            picture: what is to be seen of me, in a call that has pictures; the same.

        Raises:
            Ended: when the talk is over.
        """
        self._going().calls.accept(audio=audio, picture=picture)

    async def replace(self, kind: Literal["audio", "video"], track: MediaStreamTrack | None) -> None:
        """In a call, send this in place of what was sent; None sends nothing. The stranger is told.

        Raises:
            Ended: when the talk is over.
        """
        self._going().calls.send(kind, track)

    async def hang_up(self) -> None:
        """End a call, take a ring back, or say no to theirs: `HungUp` follows. The talk goes on.

        Raises:
            Ended: when the talk is over.
        """
        self._going().calls.hang_up()

    @property
    def audio(self) -> MediaStreamTrack | None:
        """The stranger's voice, in a call. It ends with the call; what is not read within a second is dropped."""
        return self._affairs.calls.incoming("audio") if self._affairs else None

    @property
    def video(self) -> MediaStreamTrack | None:
        """The stranger's picture, in a call that has one: the same, of the last few pictures."""
        return self._affairs.calls.incoming("video") if self._affairs else None

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
        await asyncio.sleep(self._pace.wait_s(self._now()))
        if self.over:
            raise Ended("the talk is over")
        self._ports.say(message)

    def _going(self) -> Affairs:
        if self.over or self._affairs is None:
            raise Ended("the talk is over")
        return self._affairs

    # ── what its peer and its meeting tell ───────────────────────────────────────────────────────────────────────────

    def opened(self, hello: Hello, peer: Peer, fingerprint: str, rendezvous: str) -> Self:
        """The stranger is who signaling said, by this certificate."""
        self.nickname, self.hides = hello.nickname, hello.relay
        self.rendezvous = rendezvous
        ports = AffairsPorts(
            self._ports.say, self._ports.post, self._unread.put, lambda: self._ports.alarm("fingerprint")
        )
        self._affairs = Affairs(peer, self.role, fingerprint, ports)
        for data in self._early:
            self._affairs.parcels.hear_bytes(data)
        self._early.clear()
        return self

    def heard(self, message: Said) -> None:
        """The stranger has said or done something."""
        match message:
            case Text():
                self._ports.say(Got(id=message.id))
                self._unread.put(events.Heard(message.id, message.text))
            case Got():
                if message.id < self._lines:
                    self._unread.put(events.Got(message.id))
            case Typing():
                self._unread.put(events.Typing(message.on))
            case Direct():
                self._unread.put(events.Direct(message.on))
            case _:
                if self._affairs is not None:
                    self._affairs.heard(message)

    def posted(self, message: Spoken) -> None:
        """The stranger looks for another way between the two, over the broker."""
        if self._affairs is not None:
            self._affairs.posted(message)

    def hear_bytes(self, data: object) -> None:
        """Part of a parcel has come: perhaps before the hello, since the two channels do not wait for each other."""
        if self._affairs is not None:
            self._affairs.parcels.hear_bytes(data)
        elif len(self._early) < EARLY_MOST:
            self._early.append(data)

    def drained(self) -> None:
        """There is room for more of a parcel."""
        if self._affairs is not None:
            self._affairs.parcels.drained()

    def reach(self, seat: str, ttl_s: int) -> None:
        """Tell the stranger where we can be reached without the channel."""
        self._ports.say(SeatTold(seat=seat, ttl=ttl_s))

    def worded(self, numbers: tuple[int, ...]) -> None:
        """The check words are known; or there are none."""
        self.words = tuple(WORDS[number] for number in numbers)
        self._unread.put(events.Words(numbers, self.words))

    def advise(self, mood: ToldMood) -> None:
        """The service thinks that the stranger is gone."""
        self._unread.put(events.Advice(mood))

    def notice(self, what: events.What) -> None:
        """Something was dropped; that is told once."""
        self._unread.notice(what)

    def finish(self, mood: Mood, last: events.Over | events.Alarm | None = None) -> None:
        """It is over, by whomever."""
        if self.over:
            return
        if self._affairs is not None:
            self._affairs.close()  # what was under way is told as lost
        self._early.clear()
        self.mood, self.ended_at = mood, self._now()
        self._unread.close(last)
