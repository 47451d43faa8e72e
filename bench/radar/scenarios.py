"""The scenarios: who comes when, and what happens to them. Each plans a run in a house, and lets it pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bench.radar import bots, person
from bench.radar.addresses import CAMPUS, CARRIER
from bench.radar.book import PERSON, SHUT_OUT, VICTIM
from bench.radar.bot import Bot, Breed
from bench.radar.house import House
from bench.radar.person import Person
from matcher.address_keys import Place
from matcher.conduct import Reason
from matcher.scores import Level
from matcher.suspicion import Verdict

TOWN_PEOPLE: Final = 3000
ON_THE_CARRIER, ON_CAMPUS, IN_THE_SPIKE = 0.11, 0.05, 0.15
TOWN_BOTS: Final = (
    (bots.FLOOD, 5),
    (bots.FIXED, 20),
    (bots.JITTERED, 20),
    (bots.SLOW, 12),
    (bots.ROTATING, 8),
    (bots.LURKING, 20),
    (bots.PROBING, 6),
)
FARM, CARRIER_BOTS, TOWN_BOMBERS = 30, 4, 8

SIEGE_PEOPLE: Final = 200
SIEGE_BOTS: Final = (
    (bots.FIXED, 500),
    (bots.JITTERED, 500),
    (bots.LURKING, 350),
    (bots.ROTATING, 150),
    (bots.FLOOD, 150),
)
CREEP_BOTS: Final = (*SIEGE_BOTS[:3], (bots.SLOW, 150), (bots.ROTATING, 75), (bots.FLOOD, 75))
FARMS, FARM_SIZE = 7, 50
SIEGE_COMES_S: Final = 20.0

BOMBERS: Final = 50
VERDICTS: Final = 10_000
VERDICTS_IN_S: Final = 10.0
THROWN_AWAY_AFTER_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way a run can go, and how large it is unless told otherwise."""

    plays: Callable[[House, int, float], str | None]  # people, seconds; gives why it was skipped, if it was
    seeds: int
    people: int
    minutes: float


class Townsman(Person):
    """One of a crowd that stays as large as it is: who leaves is followed by somebody else."""

    def leave(self) -> None:
        """Leave, and let the next come in."""
        if self.wants_in:
            self.house.clock.after(self.chance.expovariate(1 / 5), _follow, self.house)
        super().leave()


class Victim(Person):
    """One whom bombers are after. It never has enough, so that there is somebody to be after."""

    draws_wishes = False  # it takes whoever comes, in text

    def alone(self) -> None:
        """Press Next."""
        self.later(self.chance.about(*person.REACTION_S), self.wish)


def town(house: House, people: int, seconds: float) -> None:
    """Half an hour of a town: a spike, a campus, a carrier, a storm, and some of every breed."""
    chance, clock = house.chance, house.clock
    scale = people / TOWN_PEOPLE
    on_carrier, on_campus = round(people * ON_THE_CARRIER), round(people * ON_CAMPUS)
    for number in range(people):
        if number < on_carrier:
            where, address, comes = "carrier", CARRIER, chance.uniform(0, 0.9)
        elif number < on_carrier + on_campus:
            where, address, comes = "campus", CAMPUS, 0.27 + chance.uniform(0, 60 / seconds)
        else:
            spike = chance.happens(IN_THE_SPIKE)
            where, address = "home", house.addresses.home()
            comes = 0.4 + chance.uniform(0, 60 / seconds) if spike else chance.uniform(0, 0.9)
        clock.after(comes * seconds, _person(house, where, address).come)
    for breed, number in TOWN_BOTS:
        for bot in _many(house, breed, number * scale):
            clock.after(seconds * house.bot_chance.uniform(0.07, 0.3 if breed is bots.SLOW else 0.6), bot.come)
    for _ in range(_some(CARRIER_BOTS * scale)):
        bot = bots.plain(house, bots.ON_CARRIER, "carrier", CARRIER)
        clock.after(seconds * house.bot_chance.uniform(0.2, 0.6), bot.come)
    for bot in bots.farm(house, _some(FARM * scale)):
        clock.after(seconds * 0.5 + house.bot_chance.uniform(0, 20), bot.come)
    _bomb(house, _some(TOWN_BOMBERS * scale), seconds)
    clock.after(seconds * 0.7, house.storm)
    clock.run(seconds)


def siege(house: House, people: int, seconds: float) -> None:
    """A small crowd for the first half; then ten bots for each of them come at once, from everywhere, to stay."""
    _besiege(house, people, seconds, SIEGE_BOTS)


def creep(house: House, people: int, seconds: float) -> None:
    """The same, but that some of the bots are slow and low: as many of these as nobody can tell within a minute."""
    _besiege(house, people, seconds, CREEP_BOTS)


def _besiege(house: House, people: int, seconds: float, breeds: tuple[tuple[Breed, int], ...]) -> None:
    clock = house.clock
    _crowd(house, people)
    scale = people / SIEGE_PEOPLE
    besiegers = [bot for breed, number in breeds for bot in _many(house, _forever(breed), number * scale)]
    for _ in range(FARMS):
        besiegers += bots.farm(house, _some(FARM_SIZE * scale), _forever(bots.FARM))
    for bot in besiegers:
        clock.after(seconds / 2 + house.bot_chance.uniform(0, SIEGE_COMES_S), bot.come)
    clock.run(seconds)


def bombers(house: House, people: int, seconds: float) -> None:
    """Fifty report one, in a crowd so small that they meet it again and again."""
    _crowd(house, people)
    _bomb(house, BOMBERS, seconds)
    house.clock.run(seconds)


def forced(house: House, people: int, seconds: float) -> None:
    """A radar gone mad: far more verdicts than there are people, and then its lobby is thrown away."""
    clock, begin = house.clock, seconds / 2
    _crowd(house, people, shared=0.05)
    for number in range(VERDICTS):
        clock.after(begin + VERDICTS_IN_S * number / VERDICTS, _force, house, number)
    clock.after(begin + THROWN_AWAY_AFTER_S, house.restart)
    clock.after(begin - 1, _look, house)
    clock.run(seconds)
    house.book.counts["addresses not free when the time was up"] = house.door.still_shut(clock.now)


def _person(house: House, where: str, address: str, kind: type[Person] = Person) -> Person:
    return kind(house, house.book.open(PERSON, where), address, person.draw(house.chance))


def _follow(house: House) -> None:
    _person(house, "home", house.addresses.home(), Townsman).come()


def _crowd(house: House, people: int, shared: float = 0.0) -> None:
    for number in range(people):
        where, address = ("carrier", CARRIER) if number < people * shared else ("home", house.addresses.home())
        house.clock.after(house.chance.uniform(0, 60), _person(house, where, address, Townsman).come)


def _bomb(house: House, how_many: int, seconds: float) -> None:
    """Let so many be after one who stays for the whole run, and is as good as anybody."""
    habits = replace(person.draw(house.chance, seconds), idle=False, skips=0.3, rude=False, reloads=False, fails=0.0)
    victim = Victim(house, house.book.open(VICTIM, "home"), house.addresses.home(), habits)
    house.clock.after(0.05 * seconds, victim.come)
    for _ in range(how_many):
        bomber = bots.Bomber(house, house.book.open(bots.BOMBING.name, "home"), house.addresses.home(), victim)
        house.clock.after(seconds * house.bot_chance.uniform(0.07, 0.1), bomber.come)


def _many(house: House, breed: Breed, number: float) -> list[Bot]:
    return [bots.plain(house, breed) for _ in range(_some(number))]


def _some(number: float) -> int:
    return max(1, round(number))


def _forever(breed: Breed) -> Breed:
    return replace(breed, stays=bots.WHOLE_RUN_S)


def _force(house: House, number: int) -> None:
    here = list(house.lines.values())
    if here:
        line = here[number % len(here)]
        (address, *_) = house.door.keys(line.page.address, house.clock.now)
        verdict = Verdict(Level.BAN, line.peer, Place(address, spared=False), Reason.RHYTHM)
        house.do(house.lobby.sentence(verdict, house.clock.now))


def _look(house: House) -> None:
    wanting = [entry for entry in house.book.entries if entry.came is not None and entry.left is None]
    house.book.shut_out.append((sum(entry.held_for in SHUT_OUT for entry in wanting), len(wanting)))
    house.clock.after(1, _look, house)


SCENARIOS: Final = {
    "town": Scenario(town, seeds=20, people=TOWN_PEOPLE, minutes=30),
    "siege": Scenario(siege, seeds=5, people=SIEGE_PEOPLE, minutes=10),
    "creep": Scenario(creep, seeds=5, people=SIEGE_PEOPLE, minutes=10),
    "bombers": Scenario(bombers, seeds=10, people=25, minutes=20),
    "forced": Scenario(forced, seeds=3, people=1000, minutes=36),
}
