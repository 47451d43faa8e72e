"""What the radar makes of what it is told: habits, crowds, company; and whom it leaves alone."""

from collections.abc import Iterator

import pytest

from broker.addresses import AddressKey
from broker.identity import PeerId
from broker.messages import On
from matcher import subjects
from matcher.address_keys import UNTOLD_S, AddressKeys
from matcher.conduct import Reason
from matcher.pacing import PACES
from matcher.pool import Circle
from matcher.radar import CALM_S, Parting, Radar
from matcher.scores import HALF_LIFE_S, Level
from matcher.standing import APART_S, PROOF_S, TENSE
from matcher.subjects import QUIET_S
from matcher.suspicion import VERDICT_S, Verdict

START = 1_700_000_000.0
HOME = "h" * 22


class World:
    """A radar, a clock, and peers by a number; each at an address key of its own unless it is told one."""

    def __init__(self) -> None:
        self.addresses = AddressKeys()
        self.radar = Radar(self.addresses)
        self.now = START

    def comes(self, n: int, address: str | None = None, *, spared: bool = False) -> PeerId:
        peer = peer_id(n)
        fact = On(peer=peer, address=address or f"{n:022d}", day=1, spared=spared or None)
        self.addresses.record(fact, self.now)
        self.radar.came(peer, self.now, known=False)
        return peer

    def parts(self, peer: PeerId, talked_s: float | None, *, own: bool = True, stranger: PeerId | None = None) -> None:
        self.radar.parted(Parting(peer, stranger, talked_s, own), self.now)

    def verdicts(self) -> list[tuple[Level, PeerId]]:
        return [(verdict.level, verdict.peer) for verdict in self.radar.take()]

    def goes(self, peer: PeerId) -> None:
        self.radar.went(peer, self.addresses.close(peer, self.now), self.now)

    def circle(self, peer: PeerId) -> Circle:
        return self.radar.circle(peer, self.now)

    def level(self, peer: PeerId) -> Level:
        return self.radar.level(peer, self.now)

    def proves(self, peer: PeerId) -> None:
        self.parts(peer, PROOF_S + 1, own=False)


def peer_id(n: int) -> PeerId:
    return PeerId(f"p{n:021d}")


@pytest.fixture
def world() -> World:
    return World()


def machine(world: World, peer: PeerId, times: int = 20) -> None:
    """Leave every talk after exactly two seconds."""
    for _ in range(times):
        world.now += 6
        world.parts(peer, 2.0)


# ── pace ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_six_wishes_at_once_and_then_one_in_five_seconds(world: World) -> None:
    """Who waits as long as it is told never waits twice, and is suspected of nothing."""
    peer = world.comes(1)
    assert [world.radar.wish(peer, world.now) for _ in range(6)] == [0] * 6
    for _ in range(100):
        wait_s = world.radar.wish(peer, world.now)
        assert 4 <= wait_s <= 5
        world.now += wait_s
        assert world.radar.wish(peer, world.now) == 0
    assert world.level(peer) is Level.FREE


def test_who_does_not_wait_gets_no_more_for_it(world: World) -> None:
    """A hundred wishes a second get six matches at once, and no more than twenty in the first minute."""
    peer, got = world.comes(1), 0
    for _ in range(60 * 100):
        world.now += 0.01
        got += world.radar.wish(peer, world.now) == 0
    assert 6 <= got <= 20
    assert world.level(peer) is Level.STAMPS
    assert world.circle(peer) is Circle.APART


def test_the_slowed_may_wish_less_often(world: World) -> None:
    """Every fifteen seconds."""
    peer = world.comes(1)
    world.radar.denied(peer, "over", 5, world.now)
    assert world.level(peer) is Level.SLOW
    assert [world.radar.wish(peer, world.now) for _ in range(3)] == [0, 15, 15]
    assert PACES[Level.SLOW].per_s == pytest.approx(1 / 15)


def test_one_who_changes_names_is_a_rush_and_a_hall_full_of_people_is_none(world: World) -> None:
    """New peers count by those who stay."""
    for n in range(150):
        world.comes(n, HOME)
        world.now += 0.4
        world.radar.wish(peer_id(n), world.now)
    assert world.level(peer_id(149)) is Level.FREE
    for n in range(1_000, 1_030):
        peer = world.comes(n, "r" * 22)
        world.radar.wish(peer, world.now)
        world.goes(peer)
        world.now += 2
    assert world.level(world.comes(1_999, "r" * 22)) >= Level.SLOW


def test_a_storm_of_returns_is_held_against_nobody(world: World) -> None:
    """Neither who comes back, nor who comes while we have only just begun to hear."""
    world.radar.deaf(world.now)
    for n in range(200):
        peer = world.comes(n, HOME)
        world.goes(peer)
        world.radar.wish(peer, world.now)
    world.now += CALM_S
    for n in range(200):
        world.addresses.record(On(peer=peer_id(n), address=HOME, day=1), world.now)
        world.radar.came(peer_id(n), world.now, known=True)
    assert world.level(peer_id(3)) is Level.FREE


# ── conduct ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_answers_nobody_is_set_apart_but_never_put_out(world: World) -> None:
    """It may sit behind a network that lets no stranger through."""
    peer = world.comes(1)
    for _ in range(200):
        world.now += 7
        world.parts(peer, None, own=False)
    assert world.level(peer) is Level.STAMPS
    assert world.verdicts() == []


def test_to_fail_with_suspects_is_no_fault(world: World) -> None:
    """Else those who are matched with machines would be taken for some."""
    peer, other = world.comes(1), world.comes(2)
    world.radar.denied(other, "over", 5, world.now)
    for _ in range(20):
        world.parts(peer, None, stranger=other)
        world.parts(peer, 1.0 + world.now % 7, stranger=other)
        world.now += 11
    assert world.level(peer) is Level.FREE


def test_a_machine_is_kicked_for_two_reasons_and_its_address_is_banned_when_it_goes_on(world: World) -> None:
    """It skips everybody, as regular as a clock."""
    names = iter(range(1, 100))
    verdicts: list[tuple[Level, PeerId]] = []
    while Level.BAN not in [level for level, _ in verdicts]:
        peer = world.comes(next(names), HOME)
        machine(world, peer)
        verdicts += world.verdicts()
        world.goes(peer)
    assert [level for level, _ in verdicts[:2]] == [Level.KICK, Level.KICK]
    assert len(verdicts) <= 5


def test_a_verdict_is_told_once_a_minute(world: World) -> None:
    """What it asks for needs its time."""
    peer = world.comes(1)
    machine(world, peer)
    assert world.verdicts() == [(Level.KICK, peer)]
    for _ in range(6):
        world.parts(peer, 2.0)
    assert world.verdicts() == []
    world.now += VERDICT_S
    world.parts(peer, 2.0)
    assert (Level.KICK, peer) in world.verdicts()


def test_who_breaks_a_habit_is_forgiven(world: World) -> None:
    """Points halve every five minutes."""
    peer = world.comes(1)
    machine(world, peer)
    world.now += 4 * HALF_LIFE_S
    assert world.level(peer) is Level.FREE


def test_what_no_page_sends_is_held_against_who_sends_it(world: World) -> None:
    """And what may happen to a page that slept counts little; a refusal that is no fault counts nothing."""
    bad, unlucky = world.comes(1), world.comes(2)
    world.radar.denied(bad, "malformed", 3, world.now)
    world.radar.denied(unlucky, "denied-publish", 3, world.now)
    world.radar.denied(unlucky, "facts-lost", 1_000, world.now)
    world.radar.denied(unlucky, "something-new", 1_000, world.now)
    assert (world.level(bad), world.level(unlucky)) == (Level.STAMPS, Level.FREE)
    assert 16 <= world.radar.effort(bad, world.now) <= 20
    assert world.radar.effort(unlucky, world.now) == 0


def test_one_who_gives_up_its_names_is_seen_by_its_address(world: World) -> None:
    """Whatever it does under each of them, and however few of them are there at once."""
    for n in range(10):
        peer = world.comes(n, HOME)
        world.radar.wish(peer, world.now)
        world.now += 5
        world.goes(peer)
    assert world.circle(world.comes(99, HOME)) is Circle.APART


def test_haste_is_seen_however_long_the_talks_are(world: World) -> None:
    """A wish that comes a moment after one was left."""
    peer = world.comes(1)
    for talked_s in (40.0, 7.0, 90.0):
        world.now += talked_s
        world.parts(peer, talked_s / 2, own=False)
        world.now += 0.2
        world.radar.wish(peer, world.now)
    assert world.level(peer) >= Level.SLOW


# ── apart ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def suspected(world: World, n: int) -> PeerId:
    peer = world.comes(n)
    world.radar.denied(peer, "malformed", 2, world.now)
    return peer


def test_who_is_set_apart_is_so_for_a_while_and_then_for_twice_as_long(world: World) -> None:
    """Points fade sooner than a machine mends its ways."""
    peer = suspected(world, 1)
    for lasts_s in (APART_S, 2 * APART_S, 4 * APART_S):
        world.now += lasts_s - 1
        assert world.circle(peer) is Circle.APART
        world.now += 1
        assert world.circle(peer) is Circle.ALL
        world.radar.denied(peer, "malformed", 3, world.now)


def test_a_talk_of_some_length_ends_it(world: World) -> None:
    """Machines do not have the time."""
    peer = suspected(world, 1)
    world.parts(peer, PROOF_S - 1, own=False)
    assert world.circle(peer) is Circle.APART
    world.proves(peer)
    assert world.circle(peer) is Circle.ALL


def test_while_it_is_tense_the_proven_look_for_each_other_and_the_new_must_work(world: World) -> None:
    """And who is new is taken for a machine sooner. In calm nothing of that is so."""
    old, new = world.comes(1), world.comes(2)
    world.proves(old)
    assert [world.circle(peer) for peer in (old, new)] == [Circle.ALL] * 2
    assert world.radar.effort(new, world.now) == 0
    crowd = [suspected(world, n) for n in range(100, 101 + TENSE)]
    assert [world.circle(peer) for peer in (old, new)] == [Circle.PROVEN, Circle.ALL]
    assert world.radar.effort(old, world.now) == 0
    assert world.radar.effort(new, world.now) == 16
    for peer in (old, new):
        world.radar.denied(peer, "nonsense", 1, world.now)
    assert [world.circle(peer) for peer in (old, new)] == [Circle.PROVEN, Circle.WARY]
    assert world.radar.untold(peer_id(999), 1.0)
    assert not world.radar.untold(peer_id(999), 10.0)
    for peer in crowd:
        world.goes(peer)
    assert not world.radar.tense
    assert world.circle(old) is Circle.ALL


def test_tension_does_not_feed_on_itself(world: World) -> None:
    """Who is set apart because it is tense does not make it any tenser."""
    crowd = [suspected(world, n) for n in range(100, 101 + TENSE)]
    for n in range(1_000, 1_200):
        world.radar.denied(world.comes(n), "nonsense", 1, world.now)
    for peer in crowd[:2]:
        world.goes(peer)
    assert not world.radar.tense


def test_many_apart_are_few_in_a_large_place(world: World) -> None:
    """It is their share that makes it tense."""
    for n in range(100, 200):
        suspected(world, n)
    world.radar.tick(400, world.now)
    assert world.radar.tense
    world.radar.tick(5_000, world.now)
    assert not world.radar.tense


# ── crowds ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def crowded(world: World, people: int) -> Iterator[PeerId]:
    for n in range(10_000, 10_000 + people):
        peer = world.comes(n, HOME)
        world.proves(peer)
        yield peer


def test_machines_in_a_crowd_are_kicked_one_by_one_and_the_crowd_stays(world: World) -> None:
    """Three among three hundred: no ban, and nobody who has proven to be a person notices."""
    people = list(crowded(world, 300))
    for n in range(1, 40):
        machine(world, world.comes(n, HOME))
    assert {level for level, _ in world.verdicts()} == {Level.KICK}
    assert {world.level(peer) for peer in people} == {Level.FREE}
    assert world.level(world.comes(99_999, HOME)) is Level.FREE


def test_newcomers_from_a_bad_address_are_set_apart_until_they_have_proven_themselves(world: World) -> None:
    """Only that: the address of a stranger puts nobody out."""
    machine(world, world.comes(1, HOME))
    newcomer = world.comes(2, HOME)
    assert world.level(newcomer) is Level.STAMPS
    world.proves(newcomer)
    assert world.level(newcomer) is Level.FREE


def test_who_is_spared_is_slowed_at_most(world: World) -> None:
    """The operator has said so; that there was a verdict is still told."""
    peer = world.comes(1, spared=True)
    machine(world, peer)
    assert world.level(peer) is Level.SLOW
    [verdict] = world.radar.take()
    assert verdict.place is not None
    assert verdict.place.spared


# ── before a gate has told where a peer comes from ───────────────────────────────────────────────────────────────────


def rages(world: World, peer: PeerId) -> None:
    """Wish on and on, and say what no page says: two reasons."""
    for _ in range(40):
        world.radar.wish(peer, world.now)
    world.radar.denied(peer, "malformed", 3, world.now)


@pytest.mark.parametrize("spared", [False, True])
def test_a_verdict_waits_for_where_its_peer_comes_from(world: World, *, spared: bool) -> None:
    """Perhaps from where nobody is put out; and what it did counts against that address."""
    peer = peer_id(1)
    rages(world, peer)
    assert world.radar.take() == []
    world.now += 1
    world.comes(1, HOME, spared=spared)
    verdicts = world.radar.take()
    assert {verdict.level for verdict in verdicts} == {Level.KICK, Level.BAN}  # two reasons in full
    for verdict in verdicts:
        assert verdict.peer == peer
        assert verdict.place is not None
        assert verdict.place.spared == spared
    assert world.level(world.comes(2, HOME)) is Level.STAMPS


def test_a_verdict_does_not_wait_for_a_gate_that_never_tells(world: World) -> None:
    """Those who are patient would never be put out."""
    peer = peer_id(1)
    rages(world, peer)
    world.now += UNTOLD_S
    assert world.verdicts() == []
    world.radar.denied(peer, "malformed", 1, world.now)
    assert world.verdicts() == [(Level.KICK, peer)]


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_fifty_who_report_achieve_a_slow_down_at_most(world: World) -> None:
    """Each of them once, whatever it says and however often."""
    victim = world.comes(1)
    for _ in range(20):
        for n in range(100, 150):
            by = world.comes(n)
            world.parts(by, 20.0, own=False)
            world.radar.reported(victim, by, 20.0, world.now)
    assert world.level(victim) is Level.SLOW
    assert world.verdicts() == []


@pytest.mark.parametrize("why", ["one address", "one name", "hardly talked", "suspects", "complains of everybody"])
def test_reports_that_do_not_count(world: World, why: str) -> None:
    """Strangers count by who they are, not by how often they speak."""
    victim = world.comes(1)
    for n in range(100, 130):
        by = world.comes(
            7 if why in ("one name", "complains of everybody") else n, HOME if why == "one address" else None
        )
        if why != "complains of everybody":
            world.parts(by, 20.0, own=False)
        if why == "suspects":
            world.radar.denied(by, "malformed", 1, world.now)
        target = world.comes(n + 1_000) if why == "complains of everybody" else victim
        world.radar.reported(target, by, 1.0 if why == "hardly talked" else 20.0, world.now)
    if why == "complains of everybody":
        assert world.radar.signals[Reason.REPORTS] <= 3
    assert world.level(victim) is Level.FREE


def test_reports_and_a_machines_rhythm_are_two_reasons(world: World) -> None:
    """So together they put out, where neither does alone."""
    peer = world.comes(1)
    for _ in range(12):
        world.now += 9
        world.parts(peer, 8.0)
    assert world.verdicts() == []
    for n in range(100, 104):
        by = world.comes(n)
        world.parts(by, 8.0, own=False)
        world.radar.reported(peer, by, 8.0, world.now)
    assert world.verdicts() == [(Level.KICK, peer)]


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_memory_is_bounded_and_the_quietest_go_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of names cannot push out who is being judged now."""
    monkeypatch.setattr(subjects, "SUBJECTS_MAX", 50)
    suspect = world.comes(1)
    machine(world, suspect, 3)
    for n in range(100, 1_000):
        world.parts(world.comes(n), 3.0, own=False)
        world.parts(suspect, 2.0)
    assert len(world.radar) <= 2 * 50
    assert (Level.KICK, suspect) in world.verdicts()


def test_who_is_quiet_is_forgotten(world: World) -> None:
    """Nothing is kept of anybody who has done nothing for twenty minutes."""
    for n in range(100):
        world.parts(world.comes(n), 3.0)
    assert len(world.radar) > 0
    world.now += QUIET_S + 1
    world.radar.tick(0, world.now)
    assert len(world.radar) == 0


def test_a_clock_that_jumps_frees_and_limits_nobody(world: World) -> None:
    """It is told of the jump, as everybody is."""
    peer = world.comes(1)
    for _ in range(200):
        world.radar.wish(peer, world.now)
    before, wait_s = world.level(peer), world.radar.wish(peer, world.now)
    for jump in (-7_200.0, 86_400.0):
        world.now += jump
        world.radar.shift(jump)
        assert (world.level(peer), world.radar.wish(peer, world.now)) == (before, wait_s)


def test_in_a_dry_run_nobody_waits_or_is_set_apart(world: World) -> None:
    """It judges all the same."""
    world.radar.look_only(dry_run=True)
    peer = world.comes(1)
    assert {world.radar.wish(peer, world.now) for _ in range(100)} == {0}
    machine(world, peer)
    assert (world.circle(peer), world.radar.effort(peer, world.now)) == (Circle.ALL, 0)
    assert world.verdicts() == [(Level.KICK, peer)]


def test_who_was_kicked_may_wish_for_nothing_for_a_while(world: World) -> None:
    """And is told for how long."""
    peer = world.comes(1)
    world.radar.hold(peer, 60, world.now)
    world.now += 20
    assert world.radar.wish(peer, world.now) == 40
    world.now += 40
    assert world.radar.wish(peer, world.now) == 0


def test_a_verdict_names_key_and_reason(world: World) -> None:
    """That is all that whoever carries it out needs."""
    peer = world.comes(1, HOME)
    machine(world, peer)
    [verdict] = [each for each in world.radar.take() if each.level is Level.KICK]
    assert isinstance(verdict, Verdict)
    assert verdict.reason is Reason.RHYTHM
    assert verdict.place is not None
    assert verdict.place.address == AddressKey(1, HOME)
