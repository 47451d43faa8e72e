"""How the peace is kept: reports, kicks, bans and what stops them, the desk; effect by effect."""

from typing import TypeVar

import pytest

from broker import orders
from broker.addresses import AddressKey
from broker.desk import (
    ROWS_MAX,
    Answer,
    Ask,
    BanList,
    Denied,
    Done,
    ListBans,
    ListReports,
    Look,
    OrderBan,
    OrderLift,
    ReportList,
    SetEffort,
    View,
)
from broker.messages import Banned, Bars, Leave, Matched, Off, Report, ReportReason, Tally, Welcome
from broker.networks import read
from broker.orders import BanNetwork, Kick, Lift, LiftNetwork, Networks
from matcher.address_keys import Place
from matcher.bans import LADDER_S, code_of, read_code
from matcher.bouncer import KICK_S
from matcher.conduct import Reason
from matcher.effects import Effect, Order, Reply, Send
from matcher.events import Asked, Connected, Nonsense
from matcher.policing import Policing
from matcher.radar import Verdict
from matcher.reports import WAITING_S
from matcher.scores import Level
from tests.unit.matcher.world import World, ended, life_id, on, peer_id, to

DAY = 19_000
A = TypeVar("A", bound=Answer)


@pytest.fixture
def world() -> World:
    """Two are here, at addresses a and b, among a hundred others, so that the breakers have room."""
    world = World()
    for letter in "ab":
        world.comes(letter, letter)
    for index in range(100):
        world.comes(chr(0x4E00 + index), chr(0x4E00 + index)) if False else None  # noqa: B018
    return world


def key(letter: str) -> AddressKey:
    return AddressKey(DAY, letter * 22)


def verdict(name: str, level: Level = Level.BAN, *, spared: bool = False, reason: Reason = Reason.RHYTHM) -> Verdict:
    return Verdict(level, peer_id(name), Place(key(name), spared), reason)


def given(effects: list[Effect]) -> list[orders.Order]:
    return [effect.order for effect in effects if isinstance(effect, Order)]


def asked(world: World, ask: Ask, kind: type[A]) -> tuple[A, list[Effect]]:
    *effects, reply = world.lobby.step(Asked("ann", ask), world.now) if not isinstance(ask, OrderBan | OrderLift) else _last(
        world.lobby.step(Asked("ann", ask), world.now)
    )
    assert isinstance(reply, Reply)
    assert (reply.operator, reply.answer.id) == ("ann", ask.id)
    assert isinstance(reply.answer, kind)
    return reply.answer, effects
