"""What only the inside of the embedded engine shows about who is sent what."""

import pytest

from broker.policy import Action
from tests.engines.embedded_house import EmbeddedHouse
from tests.engines.houses import heard_by, people
from tests.engines.mqtt_probe import publish, unsubscribe

ADA, BOB, EVE = people(3)


async def test_each_delivery_is_asked_for_even_when_a_subscription_was_granted(
    house: EmbeddedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a filter ever slip through, nothing comes of it."""
    may = house.gate.may

    def careless(name: str, action: Action, topic: str, now: float) -> bool:
        return action is Action.SUBSCRIBE or may(name, action, topic, now)

    monkeypatch.setattr(house.gate, "may", careless)
    service, ada = await house.service(), await house.peer(ADA)
    eve = await house.peer(EVE, "#", "v1/inbox/+", ADA.inbox)
    assert eve.subacks == [[0, 0, 0, 0]]
    await service.send(publish(ADA.inbox, b"for ada alone"))
    await ada.hears(ADA.inbox, b"for ada alone")
    assert await heard_by(eve, EVE, service) == []


async def test_unsubscribing_leaves_no_filter_behind(house: EmbeddedHouse) -> None:
    """Stock amqtt keeps a filter that nobody holds for ever, and compares every message with it."""
    seat = f"v1/session/{house.seat(ADA)}"
    ada = await house.peer(ADA, seat)
    guard = house.engine._guard  # noqa: SLF001  nothing outside can see what is remembered
    assert guard is not None
    assert seat in guard.core.routes._exact  # noqa: SLF001  the same
    await ada.send(unsubscribe(seat))
    await ada.until(lambda: ada.unsubacks == 1)
    assert seat not in guard.core.routes._exact  # noqa: SLF001  the same
