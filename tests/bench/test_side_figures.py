"""What is made of the measurements: curves, bars, and the tally of one stretch. No figure of a machine is judged."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from typing import ClassVar

import pytest

from bench.frames import Frames
from bench.side import growth, idle, matches
from bench.side.drivers import Driver, Ears
from bench.side.idle import Held
from bench.side.memory import Kind, Price, Room
from bench.side.people import Meetings
from bench.side.queues import System
from bench.side.section import Section
from bench.side.stretches import Stretch, costs, exponent, faults, spread


def stretch(**match_ms: float) -> Stretch:
    return Stretch(10, 10, match_ms, dict.fromkeys(match_ms, 0.0), [1.0, 2.0], {})


def measured(section: Section) -> list[float | None]:
    return [bar.measured for bar in section.bars]


@pytest.mark.parametrize(
    ("curve", "slope"),
    [
        (lambda n: 3.0 * n**0, 0.0),
        (lambda n: 0.2 * n, 1.0),
        (lambda n: 5.0 * n**0.5, 0.5),
        (lambda n: 7.0 / n, -1.0),
    ],
)
def test_the_exponent_of_a_power_law_is_found_whatever_its_factor(curve: Callable[[int], float], slope: float) -> None:
    assert exponent({n: curve(n) for n in (100, 1_000, 10_000, 100_000)}) == pytest.approx(slope, abs=1e-9)


def test_one_size_has_no_exponent() -> None:
    assert exponent({100: 1.0}) is None


def test_several_processes_are_also_told_together_round_by_round() -> None:
    rounds = [stretch(broker=1.0, service=2.0), stretch(broker=0.5, service=0.25)]
    assert costs(rounds) == {"broker": [1.0, 0.5], "service": [2.0, 0.25], "together": [3.0, 0.75]}
    assert costs([stretch(server=1.0)]) == {"server": [1.0]}


def test_a_spread_is_the_median_and_the_least_and_the_most() -> None:
    assert spread([3, 1, 2], 1) == "2.0 (1.0 to 3.0)"
    assert spread([], 1) == "-"


def test_matches_are_held_against_those_of_socket_io_by_the_median_of_the_rounds() -> None:
    rounds = {
        "Passerby": [stretch(broker=0.5, service=each) for each in (0.5, 0.5, 9.0)],
        "Socket.IO": [stretch(server=each) for each in (0.1, 2.0, 2.0)],
        "bare ws": [stretch(server=1.0)],
    }
    section = matches.report(rounds, [100.0], matches.FULL)
    assert measured(section) == [pytest.approx(4.0), pytest.approx(2.0)]
    assert section.samples["overBareWs"] == {"service": pytest.approx(2.0), "together": pytest.approx(1.0)}
    assert all(bar.holds for bar in section.bars)


def test_what_was_not_measured_does_not_hold() -> None:
    section = matches.report(
        {"Passerby": [stretch(broker=1, service=1)], "Socket.IO": [], "bare ws": []}, [], matches.FULL
    )
    assert measured(section) == [None, None]
    assert not any(bar.holds for bar in section.bars)


def test_memory_of_broker_and_service_together_is_held_against_socket_io_at_each_size() -> None:
    size = idle.Size((10, 20), settle_s=0, window_s=0)
    ours = Held(
        {10: {"broker": 8192, "service": 0}, 20: {"broker": 4096, "service": 4096}}, 1, {"broker": 1, "service": 1}, {}
    )
    theirs = Held({10: {"server": 8192}, 20: {"server": 32_768}}, 1, {"server": 1}, {})
    section = idle.report({"Passerby": ours, "Socket.IO": theirs}, size)
    assert measured(section) == [pytest.approx(1.0), pytest.approx(0.25)]
    assert [row[:4] for row in section.tables[0].rows if row[1] == "together"] == [
        ("Passerby", "together", "8.0", "8.0")
    ]


def test_growth_is_from_the_fewest_to_the_largest_on_the_wire_also_in_memory() -> None:
    found = growth.Found(
        {100: [stretch(service=1.0, broker=1.0)], 10_000: [stretch(service=1.2, broker=5.0)]},
        {waiting: [{"service": 1.0, "broker": 1.0}] for waiting in (100, 10_000)},
        {
            "apart": {100: [Price(100, 1, 0)], 10_000: [Price(105, 1, 0)], 100_000: [Price(900, 1, 0)]},
            "fitting": {100: [Price(100, 1, 0)], 10_000: [Price(50, 1, 0)], 100_000: [Price(50, 1, 0)]},
        },
    )
    section = growth.report(found, growth.FULL)
    assert measured(section) == [pytest.approx(each) for each in (1.2, 1.05, 0.5)]
    assert [bar.holds for bar in section.bars] == [False, True, True]
    assert section.samples["exponents"]["service, on the wire"] == pytest.approx(0.0396, abs=1e-4)


@pytest.mark.parametrize("kind", ["apart", "fitting"])
def test_in_memory_all_who_wait_still_wait_after_others_have_met(kind: Kind) -> None:
    room = Room(120, kind)
    price = room.meet(60)  # raises when a match did not take place
    assert min(price.match_us, price.ping_us) > 0
    assert room.waiting == 120


# ── the script that all follow ───────────────────────────────────────────────────────────────────────────────────────


class Town:
    """A system in memory: who asks meets who asked before. `lossy` lets one signal of each meeting be lost."""

    def __init__(self, *, lossy: bool = False) -> None:
        self.lossy = lossy
        self.waiting: dict[tuple[str, ...], Inhabitant] = {}
        self.sessions = 0


class Inhabitant(Driver):
    """One person there."""

    parts: ClassVar[int] = 2

    def __init__(self, town: Town, ears: Ears) -> None:
        self.town, self.ears = town, ears
        self.stranger: Inhabitant | None = None
        self.said: list[str] = []

    @property
    def line(self) -> Frames:
        raise NotImplementedError

    def ask(self, tags: tuple[str, ...]) -> None:
        other = self.town.waiting.pop(tags, None)
        if other is None:
            self.town.waiting[tags] = self
            return
        self.town.sessions += 1
        self.stranger, other.stranger = other, self
        self.ears.met(other, str(self.town.sessions), first=True)
        self.ears.met(self, str(self.town.sessions), first=False)

    def describe(self, *, first: bool) -> None:
        self.said.append("offer" if first else "answer")
        assert self.stranger is not None
        for _ in range(self.parts - (self.town.lossy and not first)):
            self.ears.signal(self.stranger)

    def open(self) -> None:
        self.said.append("open")

    def leave(self) -> None:
        self.said.append("leave")
        if self.stranger is not None:
            self.ears.over(self.stranger)

    def ping(self) -> None:
        self.said.append("ping")

    def bye(self) -> None:
        self.said.append("bye")


async def inhabited(town: Town, monkeypatch: pytest.MonkeyPatch) -> Meetings:
    people = Meetings(System("town", 0, {}, lambda _, ears: Inhabitant(town, ears), 1.0), random.Random(1))

    async def arrived(driver: Driver) -> None:
        people.here(driver)

    monkeypatch.setattr(people, "_connect", arrived)
    await people.let_in(6)
    return people


async def test_all_who_ask_meet_and_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal of the first overtakes the word to the second here, and is not lost."""
    people = await inhabited(Town(), monkeypatch)
    tally = await people.meet(rate=200, seconds=0.015)
    assert (tally.asked, tally.meetings, tally.errors) == (3, 3, {})
    assert len(tally.answers_ms) == 6
    said = Counter(word for each in people.everybody if isinstance(each, Inhabitant) for word in each.said)
    assert said == {"offer": 3, "answer": 3, "open": 6, "leave": 3}


async def test_nobody_is_asked_twice_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.side.people.TALK_S", 60.0)
    monkeypatch.setattr("bench.side.people.WITHIN_S", 0.05)
    people = await inhabited(Town(), monkeypatch)
    tally = await people.meet(rate=1_000, seconds=0.005)
    assert (tally.asked, tally.errors) == (3, {"nobody was free": 2, "never parted": 6})


async def test_a_signal_that_is_lost_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.side.people.WITHIN_S", 0.05)
    people = await inhabited(Town(lossy=True), monkeypatch)
    tally = await people.meet(rate=200, seconds=0.005)
    assert tally.errors == {"never parted": 2, "signal lost, or one too many": 1}
    assert "1 signal lost" in faults([Stretch(1, 1, {}, {}, [], dict(tally.errors))])


async def test_who_waits_is_kept_awake_and_not_while_it_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    people = await inhabited(Town(), monkeypatch)

    def pings() -> int:
        return sum(each.said.count("ping") for each in people.everybody if isinstance(each, Inhabitant))

    async with people.awake(every_s=0.01):
        async with asyncio.timeout(5):
            while pings() < 12:
                await asyncio.sleep(0)
        with people.quiet():
            before = pings()
            await asyncio.sleep(0.05)  # five times as long as all are given; there is nothing to wait for
            assert pings() == before
