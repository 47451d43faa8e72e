"""The house: the real lobby and the real gate, in simulated time, and the lines between them and the pages.

    page ─ say ─► (its lag) ─► gate.publish ─► lobby.step ─┬─ Send ─► (its lag) ─► page.hear
                                                           └─ Order ─► gate.obey ─► close ─► (lag) ─► page.closed
    each second: the gate's facts ─► lobby, Tick ─► lobby

Every peer is admitted by the gate with its address, and every message is judged by it; only passwords are left out, and
session topics: what two say to each other is in `meeting`. A line keeps the order of what is said on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench.radar.addresses import Addresses
from bench.radar.book import Book, Entry
from bench.radar.chance import streams
from bench.radar.clock import Clock
from bench.radar.door import BARRED, Door
from bench.radar.meeting import Meeting
from broker import topics
from broker.gate import Verdict
from broker.messages import Banned, Facts, Gone, Here, Join, Matched, Ping, Refused, Welcome
from broker.orders import Kick, Tell
from broker.orders import Order as GateOrder
from broker.seats import SeatKeys
from matcher.effects import Beat, Effect, InboxMessage, Order, Send, Stop
from matcher.events import Connected, Event, GateFacts, Heard, PeerMessage, Tick
from matcher.lobby import Lobby
from matcher.randomness import Randomness

if TYPE_CHECKING:
    from bench.radar.caller import Caller
    from broker.identity import PeerId

KEYS: Final = SeatKeys({1: bytes(32)}, 1)
TICK_S: Final = 1.0
STORM_S: Final = 0.5
"""How long the service is away in a storm; no page is back before it."""

JOIN_BYTES: Final = 420
OTHER_BYTES: Final = 70


def open_lobby(epoch: int, randomness: Randomness) -> Lobby:
    """Make the lobby that is judged. The one place that says how, and with which radar."""
    return Lobby(epoch, KEYS, randomness)


@dataclass(slots=True, eq=False)
class Line:
    """One connection. `open` is what the broker thinks; the page may have lost it, or not know yet that it is over."""

    page: Caller
    peer: PeerId
    life: str
    presence: str
    lobby: str
    open: bool = True


class House:
    """Everything that is simulated."""

    def __init__(self, what: str, seed: int) -> None:
        self.clock = Clock()
        self.book = Book()
        self.addresses = Addresses()
        self._of_lobby, salts, self.chance, self.bot_chance = streams(what, seed, "lobby", "salts", "people", "bots")
        self.door = Door(KEYS, salts)
        self.gate = self.door.gate
        self.lobby = open_lobby(1, self._of_lobby)
        self.meetings: dict[str, Meeting] = {}
        self.lines: dict[str, Line] = {}
        self._epoch = 1
        self.clock.after(0, self.step, Connected())
        self.clock.after(TICK_S, self._tick)

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def connect(self, page: Caller, peer: PeerId, life: str, address: str) -> Line | None:
        """Let a page in; None when the gate does not."""
        refusal = self.door.refuses(peer, address, self.clock.now)
        if refusal == BARRED:
            page.entry.mark("barred", self.clock.elapsed)
        elif refusal is not None:
            self.book.counts[f"{page.entry.side} {refusal}"] += 1
        if refusal is not None:
            return None
        before = self.lines.get(peer)
        line = self.lines[peer] = Line(page, peer, life, topics.presence(peer), topics.lobby(peer))
        if before is not None:
            self._will(before)
        return line

    def say(self, line: Line, message: PeerMessage) -> None:
        """Let a page say something."""
        self.clock.after(line.page.lag_s, self._hear, line, message)

    def hang_up(self, line: Line, goodbye: Gone | None) -> None:
        """Let a page disconnect, in order, with a last word if it has one."""
        self.clock.after(line.page.lag_s, self._part, line, goodbye)

    def publish(self, line: Line, topic: str) -> None:
        """Let somebody publish where it may not."""
        if line.open and self.gate.publish(line.peer, topic, OTHER_BYTES, self.clock.now) is Verdict.CUT:
            self._close(line, "cut")

    def expire(self, line: Line) -> None:
        """Notice that a connection has long been dead."""
        if line.open:
            self._close(line, "expired")

    # ── the service ──────────────────────────────────────────────────────────────────────────────────────────────────

    def step(self, event: Event) -> None:
        """Let the lobby take in an event. What it raises is a bug of its, and ends the run."""
        self.do(self.lobby.step(event, self.clock.now))

    def do(self, effects: list[Effect]) -> None:
        """Do what the lobby wants."""
        for effect in effects:
            match effect:
                case Send(peer, message):
                    self._send(peer, message)
                case Order(order):
                    self._obey(order)
                case Beat(pulse):
                    self._pulse(pulse.epoch, pulse.spread)
                case Stop():
                    raise AssertionError("there is no other service")

    def restart(self) -> None:
        """Throw the lobby away, and open another that knows nothing."""
        self.lobby = open_lobby(self._epoch + 1, self._of_lobby)
        self._obey(Tell())
        self.step(Connected())

    def storm(self) -> None:
        """Cut every connection, also the service's: no Will is heard, and all come back within seconds."""
        self.book.counts["storms"] += 1
        for line in list(self.lines.values()):
            self._drop(line, "storm")
        self.clock.after(STORM_S, self._return)

    def _return(self) -> None:
        self._obey(Tell())
        self.step(Connected())

    def _tick(self) -> None:
        while batch := self.gate.facts():
            self.step(GateFacts(Facts.model_validate({"kind": "facts", "gate": self.gate.name, "facts": batch})))
        self.step(Tick())
        self.book.most_here = max(self.book.most_here, len(self.lines))
        self.clock.after(TICK_S, self._tick)

    def _hear(self, line: Line, message: PeerMessage) -> None:
        if not line.open:
            return
        topic = line.presence if isinstance(message, Here | Ping | Gone) else line.lobby
        size = JOIN_BYTES if isinstance(message, Join) else OTHER_BYTES
        verdict = self.gate.publish(line.peer, topic, size, self.clock.now)
        if verdict is Verdict.PASS:
            line.page.entry.speak(self.clock.elapsed)
            self.step(Heard(line.peer, message))
        elif verdict is Verdict.CUT:
            self.book.counts[f"{line.page.entry.side} cut by the gate"] += 1
            self._close(line, "cut")

    def _send(self, peer: PeerId, message: InboxMessage) -> None:
        line = self.lines.get(peer)
        if line is None:
            return
        self._note(line.page.entry, message)
        if isinstance(message, Matched):
            meeting = self._introduce(line.page, message.session)
            self.clock.after(line.page.lag_s, line.page.match, line, message, meeting)
        else:
            self.clock.after(line.page.lag_s, line.page.hear, line, message)

    def _note(self, entry: Entry, message: InboxMessage) -> None:
        now = self.clock.elapsed
        match message:
            case Refused(reason="slow"):
                entry.mark("slow", now)
            case Refused(reason="stamp"):
                entry.mark("stamp", now)
            case Refused(reason=reason):
                self.book.counts[f"refused: {reason}"] += 1
            case Welcome(challenge=challenge) if challenge is not None:
                entry.mark("stamp", now)
            case Banned():
                entry.mark("banned", now)
            case _:
                pass

    def _introduce(self, page: Caller, session: str) -> Meeting:
        meeting = self.meetings.get(session)
        if meeting is None:
            meeting = self.meetings[session] = Meeting(self, session)
        if page not in meeting.pages:
            meeting.pages.append(page)
            if len(meeting.pages) == 2:
                one, other = meeting.pages
                self.book.pair(one.entry, other.entry, self.clock.elapsed)
        return meeting

    def _pulse(self, epoch: int, spread_s: int) -> None:
        if epoch > self._epoch:
            self._epoch = epoch
            for line in self.lines.values():
                self.clock.after(line.page.lag_s + self.chance.random() * spread_s, line.page.greet, line)

    # ── the gate ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _obey(self, order: GateOrder) -> None:
        for peer in self.door.obey(order, self.clock.now):
            line = self.lines.get(peer)
            if line is not None:
                rung = "kick" if isinstance(order, Kick) else "barred"
                line.page.entry.mark(rung, self.clock.elapsed)
                self._close(line, rung)

    def _close(self, line: Line, why: str) -> None:
        self._drop(line, why)
        self.clock.after(0, self._will, line)  # after what the lobby is in the middle of saying

    def _drop(self, line: Line, why: str) -> None:
        line.open = False
        del self.lines[line.peer]
        self.gate.departs(line.peer, self.clock.now)
        self.clock.after(line.page.lag_s, line.page.closed, line, why)

    def _will(self, line: Line) -> None:
        line.open = False
        self.step(Heard(line.peer, Gone(life=line.life, mood="lost")))

    def _part(self, line: Line, goodbye: Gone | None) -> None:
        if not line.open:
            return
        if goodbye is not None:
            self._hear(line, goodbye)
        if line.open:
            line.open = False
            del self.lines[line.peer]
            self.gate.departs(line.peer, self.clock.now)
