"""One session of a stranger, from its match to its end: the meeting, and the talk that comes of it, or not.

begin ─► the meeting ── opened ──► talk … ── over, alarm, or its user leaves ──► ended, once
└── failed, no way, alarm ──► ended, and there was no talk
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from broker.conversation import Hello, Said
from broker.messages import LeaveMood, Matched, ReportReason, ToldMood
from stranger import events
from stranger.meeting import Meeting, Mood, Ports, Spoken
from stranger.seal import SealKeys
from stranger.talk import Talk, TalkPorts

Outcome = Literal["over", "failed", "relay"] | events.Alarm
"""A talk is over; or no connection came about; or the relay let nobody through; or somebody sits in the middle."""

Dropped = Literal["failed", "banned"]


@dataclass(frozen=True, slots=True)
class EncounterPorts:
    """What an encounter needs and tells."""

    publish: Callable[[str, bytes], None]
    opened: Callable[[Talk], None]
    ended: Callable[[Outcome, LeaveMood | None], None]
    """Once, with what the service is to be told, if anything."""

    report: Callable[[str, ReportReason], bool]
    block: Callable[[str], bool]


class Encounter:
    """One session.

    Raises:
        ValueError: when the stranger's key is none.
    """

    def __init__(
        self, matched: Matched, *, seat: str, nickname: str, keys: SealKeys, relay: bool, ports: EncounterPorts
    ) -> None:
        self.session = matched.session
        self.seat = seat
        self._ports = ports
        self._advice: ToldMood | None = None
        self._opened = self._ended = False
        self.talk = Talk(
            matched, TalkPorts(self._say, self._post, self.leave, self._suspect, self._report, self._block)
        )
        mine = Ports(
            publish=ports.publish,
            opened=self._open,
            heard=self.talk.heard,
            posted=self.talk.posted,
            hear_bytes=self.talk.hear_bytes,
            drained=self.talk.drained,
            words=self.talk.worded,
            notice=self.talk.notice,
            over=self._over,
            alarm=self._alarm,
        )
        self.meeting = Meeting(matched, seat=seat, nickname=nickname, keys=keys, relay=relay, ports=mine)

    @property
    def opened(self) -> bool:
        """Whether the two talk, or have."""
        return self._opened

    def begin(self, early: Sequence[bytes]) -> None:
        """Take what came before the match did."""
        for payload in early:
            self.meeting.receive(payload, self.seat)

    def advise(self, mood: ToldMood) -> None:
        """The service thinks that the stranger is gone."""
        self._advice = mood
        self.talk.advise(mood)

    def leave(self, mood: LeaveMood) -> None:
        """End it, for a reason of mine."""
        if self._end():
            self.meeting.end()
            self.talk.finish(mood)
            self._ports.ended("over", mood)

    def drop(self, mood: Dropped) -> None:
        """End it: the service has said so, and need not be told."""
        if self._end():
            self.meeting.end()
            self.talk.finish(mood)

    def _say(self, message: Said) -> None:
        self.meeting.say(message)

    def _post(self, message: Spoken, to: str) -> None:
        self.meeting.post(message, to)

    def _suspect(self, reason: events.AlarmReason) -> None:
        self.meeting.alarm(reason)

    def _report(self, reason: ReportReason) -> bool:
        return self._ports.report(self.session, reason)

    def _block(self) -> bool:
        # In this order: the lobby takes a block for the end of the talk.
        if not self._ports.block(self.session):
            return False
        if self._end():
            self.meeting.end()
            self.talk.finish("blocked")
            self._ports.ended("over", None)
        return True

    def _open(self, hello: Hello) -> None:
        self._opened, meeting = True, self.meeting
        self._ports.opened(self.talk.opened(hello, meeting.peer, meeting.fingerprint, meeting.rendezvous))

    def _over(self, mood: Mood) -> None:
        if not self._end():
            return
        if not self._opened:
            self.talk.finish("failed")
            self._ports.ended("relay" if mood == "relay" else "failed", "failed")
            return
        # The channel only knows that it broke; the service may know that the stranger left.
        left = mood == "left" or self._advice == "left"
        self.talk.finish("left" if left else "lost", events.Over("left" if left else "lost"))
        # Who was left says nothing: the stranger's own word tells how it ended, and must not come second to mine.
        self._ports.ended("over", None if left else "lost")

    def _alarm(self, reason: events.AlarmReason) -> None:
        if self._end():
            self.talk.finish("failed", events.Alarm(reason))
            self._ports.ended(events.Alarm(reason), "failed")

    def _end(self) -> bool:
        ended, self._ended = self._ended, True
        return not ended
