"""A gate with a bug in it: each question that fails is a refusal, nobody else notices, and the log names no one."""

import pytest

from broker.orders import CONTROL, Kick, write
from tests.engines.containers import Mosquitto
from tests.engines.houses import Person
from tests.engines.mosquitto_house import MosquittoHouse, keys
from tests.engines.mqtt_probe import connect, publish, subscribe

ADA, BOB, EVE = (Person(bytes([number]) * 32) for number in (101, 102, 103))

pytestmark = pytest.mark.usefixtures("engine")  # where there are no containers, it says so, once

BUGS = f"""

def _break(method, when):
    whole = getattr(Attendant, method)

    def broken(self, *given, **more):
        if when(given):
            raise RuntimeError(f"canary {{given}}")
        return whole(self, *given, **more)

    setattr(Attendant, method, broken)


_turns = iter(range(10**9))
_break("admits", lambda given: given[1] == "{EVE.peer}")
_break("grants", lambda given: given[1] == "{ADA.presence}")
_break("passes", lambda given: given[1] == "{ADA.lobby}")
_break("gone", lambda given: next(_turns) % 2)
_break("control", lambda given: True)
_break("tick", lambda given: next(_turns) % 2)
"""


async def test_whatever_fails_in_the_gate_is_refused_and_costs_nobody_else_anything() -> None:
    async with MosquittoHouse.alone(Mosquitto(keys=keys(), code=BUGS)) as house:
        service = await house.service()
        await house.refuses(connect(EVE.peer, EVE.password))
        ada, bob = await house.peer(ADA, will=(ADA.presence, b"lost")), await house.peer(BOB)
        await ada.send(subscribe(ADA.presence), publish(ADA.lobby, b"lost in a bug", packet_id=9))
        await ada.until(lambda: ada.pubacks == [9] and len(ada.subacks) == 2)
        assert ada.subacks[1] == [0x80]
        await service.send(publish(CONTROL, write(Kick(BOB.peer))))
        await service.echo()
        await ada.cut()
        await bob.send(publish(BOB.lobby, b"here still"))
        await service.hears(BOB.lobby, b"here still")
        await service.send(publish(BOB.inbox, b"so are we"))
        await bob.hears(BOB.inbox, b"so are we")
        assert not any(each.payload == b"lost in a bug" for each in service.seen)
        said = [line for line in (await house.mosquitto.logs()).splitlines() if "passerby:" in line]
    [line] = said  # they all break in one place, and that is written down once a minute
    assert "a question to the gate failed and was refused: RuntimeError at broken:" in line
    assert not any(name in line for name in ("canary", ADA.peer, BOB.peer, EVE.peer))
