"""The lobby under everything at once.

Five model clients that obey only their current ticket and the highest epoch they saw, on a network that loses, repeats
and delays what it likes, with a service that restarts, gates that report in any order, and time that jumps. After each
step the promises are checked: on what the clients were told, and on the lobby's own books.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from broker.identity import PeerId, b64url
from broker.messages import (
    VERSION,
    Again,
    Cancel,
    Ended,
    Facts,
    Gone,
    GoneMood,
    Here,
    Join,
    Leave,
    LeaveMood,
    Matched,
    Mode,
    NewSeat,
    Off,
    On,
    Ping,
    Refused,
    Report,
    Talking,
    Welcome,
)
from broker.seats import SeatKeys, verify
from matcher.alarms import Alarms
from matcher.effects import Beat, Effect, InboxMessage, Send
from matcher.events import Connected, GateFacts, Heard, PeerMessage, Rerouted, Shifted, Tick, Turned
from matcher.headcount import PerMode
from matcher.lobby import Lobby
from matcher.pairing import State
from matcher.presence import ASLEEP_S, DEAD_TICKETS_MAX, DEPARTED_S, PAST_LIVES_MAX, Peer
from matcher.turn import Turn
from matcher.wishes import PATIENCE_S

KEYS = SeatKeys({1: bytes(32)}, 1)
TURN = Turn(("turn:turn.example.org",), "secret")
NAMES = "abcde"
WHO = st.integers(0, len(NAMES) - 1)
MOODS = st.sampled_from(["left", "skipped", "blocked", "failed", "lost"])
TAGS = st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True)
MODES = st.sampled_from(["text", "text", "voice", "video"])
RENDEZVOUS = st.sampled_from([None, None, "r" * 22, "s" * 22])
LANGUAGES = st.lists(st.sampled_from(["en", "de"]), max_size=1)
WAITED = st.sampled_from([None, 2, 60])
FATES = st.sampled_from(["arrives", "arrives", "arrives", "twice", "late", "lost"])


T = TypeVar("T")


def pick(some: Sequence[T], which: int) -> T:
    return some[which % len(some)]


class Seeded:
    """Repeatable chance."""

    def __init__(self) -> None:
        self._random = random.Random(1)

    def token(self, n_bytes: int) -> bytes:
        return self._random.randbytes(n_bytes)

    def below(self, n: int) -> int:
        return self._random.randrange(n)


@dataclass
class Client:
    """A page, as far as the protocol obliges it."""

    peer: PeerId
    life: str = ""
    online: bool = False
    epoch: int = 0
    seat: str = ""
    wish: Join | None = None
    session: str | None = None
    open: bool = False
    deaf: bool = False

    def rest(self) -> None:
        """Be in no session and want none."""
        self.wish, self.session, self.open = None, None, False

    def here(self) -> Here:
        return Here(life=self.life, version=VERSION, session=self.session if self.open else None)

    def hear(self, message: InboxMessage) -> list[PeerMessage]:
        """Take in a message, and say what follows from it."""
        if self.deaf or not self.online or message.life != self.life:
            return []
        match message:
            case Welcome(epoch=epoch, seat=seat) if epoch >= self.epoch:
                news, self.epoch, self.seat = epoch > self.epoch, epoch, seat
                again: list[PeerMessage] = [self.here()] if news and self.open else []
                return [*again, self.wish] if self.wish and not self.session else again
            case Matched() if message.epoch >= self.epoch and self._wants(message.ticket):
                self.session, self.seat = message.session, message.seat
            case Ended(session=session) if session == self.session and not self.open:
                self.rest()
            case Ended(ticket=ticket) | Again(ticket=ticket) | Refused(ticket=ticket) if self._wants(ticket):
                self.rest()
            case NewSeat(seat=seat):
                self.seat = seat
            case _:
                pass
        return []

    def _wants(self, ticket: str | None) -> bool:
        return self.wish is not None and self.wish.ticket == ticket and self.session is None


class LobbyMachine(RuleBasedStateMachine):
    """Clients, a network and a lobby."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_700_000_000.0
        self.chance = Seeded()
        self.clients = [Client(PeerId(name * 22)) for name in NAMES]
        self.by_peer = {client.peer: client for client in self.clients}
        self.said: list[tuple[PeerId, PeerMessage]] = []
        self.delayed: list[tuple[PeerId, PeerMessage]] = []
        self.members: dict[str, set[PeerId]] = defaultdict(set)
        self.session_of: dict[tuple[int, PeerId, str], tuple[str, float]] = {}
        self.mode_wished: dict[str, Mode] = {}  # by ticket
        self.mode_of: dict[str, Mode] = {}  # by session
        self.asked_for: dict[str, str | None] = {}  # the rendezvous, by ticket
        self.reunion_of: dict[str, str | None] = {}  # likewise, by session
        self.hides_since: dict[str, float] = {}  # by ticket of who hides, what it said to have waited counted in
        self.tickets: dict[str, list[str]] = defaultdict(list)  # by session
        self.elapsed = 0.0  # without what the clock was moved
        self.epoch = 1
        self.keys = self.all_keys = KEYS
        self.turn: Turn | None = TURN
        self.lobby = Lobby(self.epoch, self.keys, self.chance, turn=self.turn)
        self.facts: list[On | Off] = []

    # ── the network ──────────────────────────────────────────────────────────────────────────────────────────────────

    def say(self, client: Client, message: PeerMessage, fate: str = "arrives") -> None:
        self.said.append((client.peer, message))
        if fate == "late":
            self.delayed.append(self.said[-1])
        elif fate != "lost":
            self.deliver(client.peer, message)
            if fate == "twice":
                before = self.lobby.heads()
                effects = self.deliver(client.peer, message)
                assert {effect.peer for effect in effects if isinstance(effect, Send)} <= {client.peer}
                assert self.lobby.heads() == before

    def deliver(self, peer: PeerId, message: PeerMessage) -> list[Effect]:
        effects = self.lobby.step(Heard(peer, message), self.now)
        self.carry(effects)
        return effects

    def carry(self, effects: list[Effect]) -> None:
        for effect in effects:
            assert isinstance(effect, Send | Beat)
            if isinstance(effect, Send):
                if isinstance(effect.message, Matched):
                    self.witness(effect.peer, effect.message)
                if isinstance(effect.message, Welcome | NewSeat):
                    self.witness_relay(effect.message)
                for answer in self.by_peer[effect.peer].hear(effect.message):
                    self.say(self.by_peer[effect.peer], answer)

    def witness(self, peer: PeerId, matched: Matched) -> None:
        """A match is of two, names the seat of the other, and its ticket has no other session as long as it matters."""
        if matched.session not in self.members:
            self.witness_new(matched)
            self.mode_of[matched.session] = self.mode_wished[matched.ticket]
            self.reunion_of[matched.session] = self.asked_for[matched.ticket]
        assert self.reunion_of[matched.session] == self.asked_for[matched.ticket]
        if peer not in self.members[matched.session]:
            self.witness_hiding(matched)
        self.members[matched.session].add(peer)
        assert len(self.members[matched.session]) <= 2
        ticket = (matched.epoch, peer, matched.ticket)
        session, at = self.session_of.get(ticket, (matched.session, self.elapsed))
        assert session == matched.session or self.elapsed - at >= DEPARTED_S
        self.session_of[ticket] = (matched.session, self.elapsed)
        seat = verify(self.all_keys, matched.to)
        assert seat is not None
        assert not seat.owned_by(peer)

    def witness_new(self, matched: Matched) -> None:
        """A new match is of two who gave a sign lately and are not known to be cut off, on a seat that gates let in.

        Neither has blocked the other, and only if both asked for each other they may have met last.
        """
        assert verify(self.keys, matched.to) is not None
        pair = [peer for peer in self.peers if peer.session is not None and peer.session.id == matched.session]
        for peer in pair:
            assert self.now < peer.seen + ASLEEP_S
            assert not peer.cut
        one, other = pair
        assert not one.shuns(other.id)
        assert not one.avoids(other.id) or self.asked_for[matched.ticket] is not None

    def witness_hiding(self, matched: Matched) -> None:
        """Who hides is matched where there is a relay, and with one who does not hide only when it has been patient.

        But both who asked for each other need no patience.
        """
        self.witness_relay(matched)
        tickets = self.tickets[matched.session]
        tickets.append(matched.ticket)
        hiding = [self.hides_since[ticket] for ticket in tickets if ticket in self.hides_since]
        assert not hiding or self.turn is not None
        asked = self.asked_for[matched.ticket] is not None
        assert asked or len(tickets) < 2 or len(hiding) != 1 or self.elapsed - hiding[0] >= PATIENCE_S

    def witness_relay(self, told: Welcome | NewSeat | Matched) -> None:
        """Whenever a seat is told, so are the servers that there are, and for how long their credentials are good."""
        assert (bool(told.ice), told.ice_ttl) == ((False, None) if self.turn is None else (True, self.turn.ttl_s))
        if isinstance(told, Welcome):
            assert told.relay == ("none" if self.turn is None else "offered")

    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.elapsed += seconds
        self.carry(self.lobby.step(Tick(), self.now))

    # ── what clients do ──────────────────────────────────────────────────────────────────────────────────────────────

    def online(self) -> list[Client]:
        return [client for client in self.clients if client.online]

    def offline(self) -> list[Client]:
        return [client for client in self.clients if not client.online]

    def free(self) -> list[Client]:
        return [client for client in self.online() if client.seat and not client.session]

    def waiting(self) -> list[Client]:
        return [client for client in self.online() if client.wish and not client.session]

    def seated(self) -> list[Client]:
        return [client for client in self.clients if client.session]

    @precondition(lambda self: bool(self.offline()))
    @rule(who=WHO, fate=FATES)
    def arrive(self, who: int, fate: str) -> None:
        client = pick(self.offline(), who)
        client.life, client.online, client.deaf = b64url(self.chance.token(8)), True, False
        self.say(client, client.here(), fate)

    @precondition(lambda self: bool(self.online()))
    @rule(who=WHO, fate=FATES, want_seat=st.sampled_from([None, True]), here=st.booleans())
    def give_a_sign(self, who: int, fate: str, *, want_seat: bool | None, here: bool) -> None:
        client = pick(self.online(), who)
        self.say(client, client.here() if here else Ping(life=client.life, want_seat=want_seat), fate)

    @precondition(lambda self: bool(self.free()))
    @rule(who=WHO, fate=FATES, mode=MODES, tags=TAGS, languages=LANGUAGES, waited=WAITED, hides=st.booleans())
    def join(
        self, who: int, fate: str, mode: Mode, tags: list[str], languages: list[str], waited: int | None, *, hides: bool
    ) -> None:
        client = pick(self.free(), who)
        client.wish = self.wish(client, tags, languages, waited, mode, hides=hides)
        self.say(client, client.wish, fate)

    @precondition(lambda self: bool(self.free()))
    @rule(who=WHO, fate=FATES, mode=MODES, again=RENDEZVOUS, tags=TAGS, hides=st.booleans())
    def ask_again(self, who: int, fate: str, mode: Mode, again: str | None, tags: list[str], *, hides: bool) -> None:
        """Somebody says a rendezvous: of a talk that was, or one that it was told, or that it made up."""
        client = pick(self.free(), who)
        client.wish = self.wish(client, tags, [], None, mode, again, hides=hides)
        self.say(client, client.wish, fate)

    @rule(who=WHO, other=WHO, mode=MODES, talk=st.booleans(), waited=WAITED, again=RENDEZVOUS, hides=st.booleans())
    def meet(
        self, who: int, other: int, mode: Mode, waited: int | None, again: str | None, *, talk: bool, hides: bool
    ) -> None:
        """Two come, or come back, and want the same; one of them may hide."""
        pair = [pick(self.clients, who), pick(self.clients, other)]
        for client in pair:
            if not client.online:
                client.life, client.online, client.deaf = b64url(self.chance.token(8)), True, False
            self.say(client, client.here())
        for client in pair:
            if client.seat and not client.session:
                client.wish = self.wish(client, [], [], waited, mode, again, hides=hides and client is pair[0])
                self.say(client, client.wish)
        if talk:
            self.open_channel(pair[0])
            for client in pair:
                self.say_talking(client, "arrives")

    def wish(
        self,
        client: Client,
        tags: list[str],
        languages: list[str],
        waited: int | None,
        mode: Mode,
        again: str | None = None,
        *,
        hides: bool,
    ) -> Join:
        ticket = b64url(self.chance.token(16))
        self.mode_wished[ticket], self.asked_for[ticket] = mode, again
        if hides:
            self.hides_since[ticket] = self.elapsed - (waited or 0)
        return Join(
            life=client.life,
            ticket=ticket,
            seat=client.seat,
            key="B" + "A" * 86,
            mode=mode,
            tags=tags,
            languages=languages,
            relay=hides,
            waited=waited,
            again=again,
        )

    @precondition(lambda self: bool(self.waiting()))
    @rule(who=WHO, fate=FATES)
    def join_again(self, who: int, fate: str) -> None:
        client = pick(self.waiting(), who)
        if client.wish:
            client.wish = client.wish.model_copy(update={"life": client.life})
            self.say(client, client.wish, fate)

    @precondition(lambda self: bool(self.waiting()))
    @rule(who=WHO, fate=FATES)
    def cancel(self, who: int, fate: str) -> None:
        client = pick(self.waiting(), who)
        if client.wish:
            ticket = client.wish.ticket
            client.rest()
            self.say(client, Cancel(life=client.life, ticket=ticket), fate)

    @precondition(lambda self: bool(self.seated()))
    @rule(who=WHO, fate=FATES)
    def talk(self, who: int, fate: str) -> None:
        client = pick(self.seated(), who)
        self.open_channel(client)
        self.say_talking(client, fate)

    def open_channel(self, client: Client) -> None:
        """A channel opens only where both obey the same session."""
        both = [other for other in self.clients if client.session and other.session == client.session]
        for side in both:
            side.open = side.open or len(both) == 2

    def say_talking(self, client: Client, fate: str) -> None:
        if client.online and client.open and client.session:
            self.say(client, Talking(life=client.life, session=client.session), fate)

    @precondition(lambda self: bool(self.seated()))
    @rule(who=WHO, fate=FATES, mood=MOODS)
    def leave(self, who: int, fate: str, mood: LeaveMood) -> None:
        client = pick(self.seated(), who)
        session = client.session
        client.rest()
        if client.online and session:
            self.say(client, Leave(life=client.life, session=session, mood=mood), fate)

    @precondition(lambda self: bool(self.seated()))
    @rule(who=WHO, fate=FATES)
    def report(self, who: int, fate: str) -> None:
        client = pick(self.seated(), who)
        if client.online and client.session:
            self.say(client, Report(life=client.life, session=client.session, reason="spam"), fate)

    @precondition(lambda self: bool(self.online()))
    @rule(who=WHO, fate=FATES, mood=st.sampled_from(["left", "lost"]))
    def go(self, who: int, fate: str, mood: GoneMood) -> None:
        """The page is closed, or the connection breaks; the word for it, or the Will, has its own fate."""
        client = pick(self.online(), who)
        client.online = False
        if mood == "left":
            client.rest()
        self.say(client, Gone(life=client.life, mood=mood), fate)

    # ── what else happens ────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: bool(self.said))
    @rule(which=st.integers(0, 10**6))
    def repeat_anything(self, which: int) -> None:
        self.deliver(*pick(self.said, which))

    @precondition(lambda self: bool(self.delayed))
    @rule(which=st.integers(0, 10**6))
    def deliver_late(self, which: int) -> None:
        self.deliver(*self.delayed.pop(which % len(self.delayed)))

    @rule(who=WHO, on=st.booleans(), repeat=st.booleans())
    def gate_facts(self, who: int, *, on: bool, repeat: bool) -> None:
        peer = pick(self.clients, who).peer
        self.facts.append(On(peer=peer, address="k" * 22, day=1) if on else Off(peer=peer))
        facts = self.facts[-8:][::-1] if repeat else self.facts[-1:]
        before = self.lobby.heads()
        assert self.lobby.step(GateFacts(Facts(gate="one", facts=list(facts))), self.now) == []
        assert self.lobby.heads() == before

    @rule()
    def turn_keys(self) -> None:
        """A new key mints, the one before is still good, an older one is not."""
        before, now = self.keys.current, self.keys.current + 1
        living = {before: self.keys.keys[before], now: bytes([now]) * 32}
        self.keys = SeatKeys(living, now)
        self.all_keys = SeatKeys({**self.all_keys.keys, **living}, now)
        self.carry(self.lobby.step(Turned(self.keys), self.now))

    @rule(relay=st.booleans())
    def reroute(self, *, relay: bool) -> None:
        """The operator's TURN server comes or goes."""
        self.turn = TURN if relay else None
        self.carry(self.lobby.step(Rerouted(self.turn), self.now))

    @rule(seconds=st.sampled_from([1, 5, 14, 31, 46, 61, 200, 700]), pinging=st.booleans())
    def wait(self, seconds: int, *, pinging: bool) -> None:
        for second in range(1, seconds + 1):
            self.tick(1)
            if pinging and second % 14 == 0:
                for client in self.online():
                    self.deliver(client.peer, Ping(life=client.life))

    @rule(what=st.sampled_from(["deaf", "jump", "shift", "restart"]), who=WHO, seconds=st.sampled_from([7.0, 3600.0]))
    def disturb(self, what: str, who: int, seconds: float) -> None:
        match what:
            case "deaf":
                pick(self.clients, who).deaf = True  # nothing reaches this client, until it connects anew
            case "jump":
                self.tick(seconds)
            case "shift":
                self.shift(seconds if who % 2 else -seconds)
            case _:
                self.restart()

    def shift(self, seconds: float) -> None:
        here = self.lobby.heads().here
        self.now += seconds
        self.carry(self.lobby.step(Shifted(seconds), self.now))
        assert self.lobby.heads().here == here

    def restart(self) -> None:
        self.epoch += 1
        self.lobby = Lobby(self.epoch, self.keys, self.chance, turn=self.turn)
        beat = self.lobby.step(Connected(), self.now)[-1]
        assert isinstance(beat, Beat)
        for client in self.online():
            if not client.deaf:
                self.say(client, client.here())

    # ── the promises ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def peers(self) -> list[Peer]:
        return list(self.lobby._presence._peers.values())  # noqa: SLF001

    @invariant()
    def everybody_here_is_idle_waiting_or_seated(self) -> None:
        here = [peer for peer in self.peers if peer.life is not None]
        idle = [peer for peer in here if peer.idle]
        waiting = [peer for peer in here if peer.wish is not None]
        seated = [peer for peer in here if peer.session is not None]
        assert len(idle) + len(waiting) + len(seated) == len(here)
        assert not any(peer.wish for peer in self.peers if peer.life is None)
        heads, stats = self.lobby.heads(), self.lobby.stats(self.now)
        assert (heads.here, heads.waiting) == (len(here), len(waiting))
        talking = [peer.session.id for peer in seated if peer.session and peer.session.talked]
        assert heads.talking == len(talking)
        assert heads.waiting_in == PerMode.of(Counter(peer.wish.join.mode for peer in waiting if peer.wish))
        known = [self.mode_of[session] for session in talking]
        assert heads.talking_in == PerMode.of(Counter(known))
        assert (stats.here, stats.waiting, stats.talking) == (heads.here, heads.waiting, heads.talking)
        assert (stats.waiting_in, stats.talking_in) == (heads.waiting_in, heads.talking_in)

    @invariant()
    def nobody_is_in_two_sessions_or_with_itself(self) -> None:
        sessions = self.lobby._talks._sessions.values()  # noqa: SLF001
        living = [session for session in sessions if session.state is not State.OVER]
        seated = [side.peer for session in living for side in session.sides if side.peer is not None]
        assert len(seated) == len(set(seated))
        for session in living:
            for side in session.sides:
                peer = self.lobby._presence.get(side.peer)  # noqa: SLF001
                assert peer is None or peer.session is session
        for peer in self.peers:
            assert peer.session is None or peer.session in living
        assert self.lobby.stats(self.now).sessions == len(living)

    @invariant()
    def a_session_is_obeyed_by_two_at_most(self) -> None:
        obeyed = [client.session for client in self.clients if client.session]
        assert all(obeyed.count(session) <= 2 for session in obeyed)

    @invariant()
    def nobody_waits_in_vain(self) -> None:
        pool = self.lobby._wishes.pool  # noqa: SLF001
        waiting = [peer for peer in self.peers if peer.wish is not None]
        assert self.turn is not None or not any(peer.wish.join.relay for peer in waiting if peer.wish)
        for peer in waiting:
            assert (peer.id in pool) == (self.now < peer.seen + ASLEEP_S and not peer.cut)
        assert len(pool) == len([peer for peer in waiting if peer.id in pool])
        for one, other in combinations([peer for peer in waiting if peer.id in pool], 2):
            assert one.wish
            assert other.wish
            fit = set(one.wish.keys) & set(other.wish.keys)
            asked = one.wish.join.again is not None
            assert not fit or (one.shuns(other.id) if asked else one.avoids(other.id))
            assert one.avoids(other.id) == other.avoids(one.id)
            assert one.shuns(other.id) == other.shuns(one.id)

    @invariant()
    def memory_is_bounded(self) -> None:
        for peer in self.peers:
            assert len(peer.dead_tickets) <= DEAD_TICKETS_MAX
            assert len(peer.past_lives) <= PAST_LIVES_MAX
            acquainted = peer.company.everybody() if peer.company else set()
            assert all(self.lobby._presence.get(id_) for id_ in acquainted)  # noqa: SLF001
        for alarms in self.alarms():
            assert len(alarms._heap) <= 2 * len(alarms) + 64  # noqa: SLF001

    def alarms(self) -> list[Alarms[PeerId] | Alarms[str]]:
        lobby = self.lobby
        return [
            lobby._presence._alarms,  # noqa: SLF001
            lobby._talks._alarms,  # noqa: SLF001
            lobby._wishes._alarms,  # noqa: SLF001
            lobby._watch._addresses._alarms,  # noqa: SLF001
        ]

    def teardown(self) -> None:
        """When all have gone silent, nothing of them is left."""
        for _ in range(1_300):
            self.now += 1
            assert all(isinstance(effect, Send | Beat) for effect in self.lobby.step(Tick(), self.now))
        stats = self.lobby.stats(self.now)
        assert (stats.here, stats.waiting, stats.awake, stats.talking, stats.sessions) == (0, 0, 0, 0, 0)
        assert (stats.remembered_peers, stats.remembered_sessions, stats.address_keys) == (0, 0, 0)
        assert [len(alarms) for alarms in self.alarms()] == [0, 0, 0, 0]
        assert self.lobby._wishes.pool._buckets == {}  # noqa: SLF001


LobbyMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# To count its lines takes eight times as long, and others run these, too.
TestLobbyMachine = pytest.mark.no_cover(pytest.mark.timeout(300)(LobbyMachine.TestCase))
