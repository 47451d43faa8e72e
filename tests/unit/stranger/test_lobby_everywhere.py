"""Whatever happens twice in a row, wherever one is: no exception, only messages of the wire, no late answer obeyed."""

from collections.abc import Callable

import pytest

from broker import messages
from broker.messages import Again, Down
from stranger.lobby.state import Lobbying, Presence, Timer, Wish
from tests.unit.stranger.walks import (
    LIFE,
    LIFE2,
    PLACES,
    SESSION,
    Walk,
    banned,
    challenge,
    ended,
    limited,
    matched,
    new_seat,
    pulse,
    refused,
    ticket,
    welcome,
)

HEARD = [
    welcome(),
    welcome(version=9),
    welcome(challenge=challenge()),
    matched(),
    ended("left"),
    ended("lost", ticket=ticket(1)),
    refused("seat"),
    refused("relay"),
    refused("stamp", challenge=challenge().model_dump()),
    refused("slow", 300),
    banned(),
    new_seat("new"),
    Again(life=LIFE, ticket=ticket(1)),
]
EVENTS: list[Callable[[Walk], Walk]] = [
    *[lambda walk, message=message: walk.hear(message) for message in HEARD],
    *[
        lambda walk, message=message: walk.hear(message)
        for message in (limited(), pulse(), pulse(epoch=8), Down(epoch=7))
    ],
    *[lambda walk, timer=timer: walk.wake(timer) for timer in Timer],
    lambda walk: walk.connect(LIFE2),
    Walk.lose,
    lambda walk: walk.look() if walk.state.phase is None else walk,
    lambda walk: walk.look(Wish(again="r" * 22)) if walk.state.phase is None else walk,
    Walk.cancel,
    Walk.opened,
    Walk.failed,
    Walk.over,
    lambda walk: walk.over("left"),
    Walk.report,
    Walk.block,
    Walk.proved,
    lambda walk: walk.opened("x"),
    lambda walk: walk.over("failed", "x"),
]


@pytest.mark.parametrize("make", PLACES, ids=lambda make: make.__name__)
def test_every_two_events_in_a_row_say_only_what_is_a_message(make: Callable[[], Walk]) -> None:
    for first in EVENTS:
        for second in EVENTS:
            walk = second(first(make()).later(1))
            for effect in walk.effects:
                if isinstance(effect, Lobbying):
                    messages.parse(messages.lobby, effect.message.wire())
                if isinstance(effect, Presence):
                    messages.parse(messages.presence, effect.message.wire())


@pytest.mark.parametrize("make", PLACES, ids=lambda make: make.__name__)
def test_a_message_to_another_life_is_nothing(make: Callable[[], Walk]) -> None:
    for message in HEARD:
        walk = make()
        before = repr(walk.state)
        assert walk.hear(message.model_copy(update={"life": "otherother1"})).effects == []
        assert repr(walk.state) == before


@pytest.mark.parametrize("make", PLACES, ids=lambda make: make.__name__)
def test_nobody_is_in_two_sessions(make: Callable[[], Walk]) -> None:
    """A second match is obeyed by nobody who has one."""
    walk = make().hear(matched(session="session9aaaaaaaaaaaaaa"))
    phase = walk.state.phase
    again = walk.hear(matched())
    assert SESSION not in repr(phase) or again.state.phase is phase
