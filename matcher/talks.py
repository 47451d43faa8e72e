"""Talks: all sessions, and what becomes of their peers.

Applies the moves of `pairing` to the sessions, tells the peers what the table says they are told, and keeps the peers'
own books right: who is seated where, which ticket is dead, who met whom. Knows nothing of how peers were chosen.
"""

from collections import Counter
from typing import Final, NamedTuple

from broker.identity import PeerId
from broker.messages import Ended, Matched, Mode, Mood
from matcher import pairing
from matcher.alarms import Alarms
from matcher.effects import Outbox, Send
from matcher.headcount import PerMode
from matcher.histogram import Histogram
from matcher.pairing import Move, Session, State
from matcher.presence import Peer, Presence
from matcher.radar import Parting, Radar
from matcher.session_ids import mode_of

ENDED_MAX: Final = 200_000
"""Ended sessions in memory; with more, the oldest is forgotten before its time."""


class Complaint(NamedTuple):
    """Of whom, and for how long the two have talked."""

    stranger: PeerId
    talked_s: float


class Talks:
    """The sessions, by id."""

    def __init__(self, presence: Presence, radar: Radar, outbox: Outbox, counts: Counter[str]) -> None:
        self.talked = Histogram()
        self._presence = presence
        self._radar = radar
        self._outbox = outbox
        self._counts = counts
        self._sessions: dict[str, Session] = {}
        self._ended: dict[str, None] = {}
        self._alarms: Alarms[str] = Alarms()
        self._talking: Counter[Mode] = Counter()

    def __len__(self) -> int:
        return len(self._sessions)

    @property
    def living(self) -> int:
        """How many sessions are not over."""
        return len(self._sessions) - len(self._ended)

    @property
    def talking_in(self) -> PerMode:
        """How many peers in sight talk."""
        return PerMode.of(self._talking)

    def begin(
        self,
        session_id: str,
        one: tuple[Peer, Matched],
        other: tuple[Peer, Matched],
        now: float,
        *,
        reunion: bool = False,
    ) -> None:
        """Seat two peers, and tell each of the other. It is a `reunion` if both asked for each other."""
        session = pairing.matched(session_id, (one[0].id, one[1]), (other[0].id, other[1]), now, reunion=reunion)
        self._sessions[session_id] = session
        for peer, matched in (one, other):
            peer.session = session
            self._outbox.put(Send(peer.id, matched))
        self._watch(session)

    def repeat(self, peer: Peer, ticket: str) -> bool:
        """Say `matched` again to a peer that asks again with the ticket of its living session."""
        side = peer.session.side(peer.id) if peer.session else None
        if peer.life is None or side is None or side.matched is None or side.matched.ticket != ticket:
            return False
        self._outbox.put(Send(peer.id, side.matched.model_copy(update={"life": peer.life})))
        return True

    def move(self, move: Move, peer: Peer, now: float, mood: Mood | None = None) -> None:
        """Let a peer make a move in its session, if it has one."""
        if peer.session is not None:
            if mood == "blocked":
                self._block(peer, peer.session)
            self._apply(peer.session, move, peer.id, now, mood)

    def leave(self, peer: Peer, session_id: str, mood: Mood, now: float) -> None:
        """Let a peer leave the session that it names. Of an ended one, only a block still counts."""
        session = self._sessions.get(session_id)
        if session is None or session.side(peer.id) is None:
            self._counts["stale"] += 1
        elif session is peer.session:
            self.move(Move.LEAVE, peer, now, mood)
        elif mood == "blocked":
            self._block(peer, session)

    def complain(self, peer: Peer, session_id: str, now: float) -> Complaint | None:
        """A peer complains of its stranger: once in a session, and only of one that took place."""
        session = self._sessions.get(session_id)
        side = session.side(peer.id) if session is not None else None
        stranger = next(session.strangers(peer.id), None) if session is not None else None
        talked_s = session.talked_s(now) if session is not None else None
        if side is None or side.complained or stranger is None or talked_s is None:
            self._counts["stale"] += 1
            return None
        side.complained = True
        return Complaint(stranger, talked_s)

    def claim(self, peer: Peer, session_id: str, move: Move, now: float) -> None:
        """A peer says that it talks in this session: believe it when that can be.

        After a restart the first to name a session seats it anew and the second completes it; there is no third seat.
        """
        session = self._sessions.get(session_id)
        if session is not None and session is peer.session:
            self._apply(session, move, peer.id, now)
        elif session is None and peer.idle:
            self._seat(peer, pairing.claimed(session_id, peer.id, now))
        elif session is not None and session.side(peer.id) is not None:
            self._tell_ended(peer, session)
        elif session is not None and session.state is not State.OVER and peer.idle and session.sides[1].peer is None:
            session.sides[1].peer = peer.id
            peer.session = session
            self._apply(session, Move.BACK, peer.id, now)
        else:
            self._counts["stale"] += 1

    def ring(self, now: float) -> None:
        """End what has taken too long, forget what ended a while ago."""
        for session_id in self._alarms.ring(now):
            session = self._sessions[session_id]
            if session.state is State.OVER:
                self._forget(session_id)
            else:
                self._apply(session, Move.EXPIRED, None, now)

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._alarms.shift(by_s)
        for session in self._sessions.values():
            session.since += by_s
            if session.talking_since is not None:
                session.talking_since += by_s
            for side in session.sides:
                if side.unseen_since is not None:
                    side.unseen_since += by_s

    def _seat(self, peer: Peer, session: Session) -> None:
        self._sessions[session.id] = session
        peer.session = session
        self._talking[mode_of(session.id)] += _talkers(session)
        self._watch(session)

    def _apply(self, session: Session, move: Move, peer: PeerId | None, now: float, mood: Mood | None = None) -> None:
        before = _talkers(session)
        hearers = session.move(move, peer, now, mood)
        self._talking[mode_of(session.id)] += _talkers(session) - before
        if session.state is State.OVER:
            self._judge(session, move, peer, mood, now)
            self._finish(session, hearers)
        self._watch(session)

    def _judge(self, session: Session, move: Move, peer: PeerId | None, mood: Mood | None, now: float) -> None:
        """Tell the radar how a session ended; not of one that a lost connection or a ban ended, which is no conduct."""
        talked_s = session.talked_s(now)
        if talked_s is not None:
            self.talked.add(talked_s)
        if session.reunion:
            # Whom one meets there is no chance, and the word for it may be made up by two programs: it would prove them
            # people, and their talks would speak for them. So it speaks neither for nor against anybody.
            return
        if mood == "banned" or move is Move.LOST or (talked_s is not None and peer is None):
            return
        failed = mood == "failed" or move is Move.EXPIRED
        for side in session.sides:
            own = side.peer == peer
            # Before the channel is open, who gives up is alone in that; but what failed has failed for both.
            if side.peer is not None and (talked_s is not None or failed or (own and mood != "lost")):
                stranger = next(session.strangers(side.peer), None)
                self._radar.parted(Parting(side.peer, stranger, talked_s, own), now)

    def _finish(self, session: Session, hearers: list[PeerId]) -> None:
        peers = [found for side in session.sides if (found := self._presence.get(side.peer)) is not None]
        for peer in peers:
            peer.session = None
            ended = _ended(peer, session)
            if ended.ticket is not None:
                peer.bury(ended.ticket, ended)
            if peer.id in hearers and peer.life is not None:
                self._outbox.put(Send(peer.id, ended))
        if session.talked and len(peers) == len(session.sides):
            self._presence.met(*peers)
        self._ended[session.id] = None
        if len(self._ended) > ENDED_MAX:
            self._forget(next(iter(self._ended)))

    def _tell_ended(self, peer: Peer, session: Session) -> None:
        if session.state is State.OVER:
            self._outbox.put(Send(peer.id, _ended(peer, session)))

    def _block(self, peer: Peer, session: Session) -> None:
        for id_ in session.strangers(peer.id):
            if (stranger := self._presence.get(id_)) is not None:
                self._presence.block(peer, stranger)

    def _watch(self, session: Session) -> None:
        if session.id in self._sessions and (due := session.due) is not None:
            self._alarms.set(session.id, due)
        else:
            self._alarms.drop(session.id)

    def _forget(self, session_id: str) -> None:
        del self._sessions[session_id]
        del self._ended[session_id]
        self._alarms.drop(session_id)


def _talkers(session: Session) -> int:
    state = session.state
    if state is not State.TALKING and state is not State.FADING:
        return 0
    one, other = session.sides
    return (one.peer is not None and one.unseen_since is None) + (other.peer is not None and other.unseen_since is None)


def _ended(peer: Peer, session: Session) -> Ended:
    side = session.side(peer.id)
    return Ended(
        life=peer.life or peer.silent_life or peer.past_lives[-1],
        session=session.id,
        mood=session.mood or "lost",
        ticket=side.ticket if side else None,
    )
