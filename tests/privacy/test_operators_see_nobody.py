"""What an operator is shown, at the desk and in metrics, names nobody: over kicks, bans and reports, on every engine.

Canaries are what could tell who was here: addresses, peers, their lives, tickets, seats and sessions, and the address
keys, which the service hears from gates.
"""

import json
from contextlib import AsyncExitStack
from typing import Any, Final

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from broker.desk import BanList, Done, ListBans, ListReports, Look, OrderBan, OrderLift, ReportList, View
from matcher.service import Service
from passerby.desk import fresh_id
from passerby.metrics import registry
from tests.faults.rowdies import PATIENCE_S, STRICT, ask, couple, known, lobby, rage_until_shut_out
from tests.faults.walkers import Walker
from tests.journeys.house import ENGINES, House
from tests.polling import until

HOME: Final = "127.0.0.9"
AWAY: Final = "127.0.0.10"
IN_A_TALK: Final = ("127.0.2.1", "127.0.2.2")


class Hearing(Service):
    """A service that keeps the names it hears of: of peers on topics, of address keys from gates."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, policing=STRICT)
        self.names: set[str] = set()

    def _on_message(self, topic: str, payload: bytes) -> None:
        if topic.startswith("v1/gate/"):
            self.names |= {fact["address"] for fact in json.loads(payload)["facts"] if "address" in fact}
        elif topic.startswith(("v1/lobby/", "v1/presence/")):
            self.names.add(topic.rsplit("/", 1)[1])
        super()._on_message(topic, payload)


def names_of(walker: Walker) -> set[str]:
    """Give what stands for one peer on the wire, of all that it was told, too."""
    told = {str(each[field]) for each in walker.inbox() for field in ("session", "seat", "to") if field in each}
    return {walker.peer, walker.password, walker.life, walker.ticket, *told}


def metrics(house: House) -> str:
    return generate_latest(registry(house.service.stats)).decode()


def series(text: str) -> set[tuple[str, frozenset[tuple[str, str]]]]:
    """Give every series of ours, by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items()))
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("passerby_")
    }


@pytest.mark.parametrize("engine", ENGINES)
async def test_answers_at_the_desk_and_metrics_name_nobody(engine: str) -> None:
    """And there are no more series of metrics afterwards than before anybody came."""
    async with House.open(engine, service=Hearing) as house, AsyncExitStack() as stack:
        before = series(metrics(house))
        ana, bo, _ = await couple(stack, house, *IN_A_TALK)
        session = (await ana.told("matched"))["session"]
        await known(house, 2)
        await ana.say_of(session, "report", reason="minor")
        await rage_until_shut_out(house, HOME)
        await ask(house, OrderBan(id=fresh_id(), target=AWAY, seconds=600, reason="seen"), Done)
        await until(lambda: lobby(house).bans == 2, within_s=PATIENCE_S)

        answers = [
            await ask(house, Look(id=fresh_id()), View),
            await ask(house, ListBans(id=fresh_id()), BanList),
            waiting := await ask(house, ListReports(id=fresh_id()), ReportList),
        ]
        [report] = waiting.reports
        after = metrics(house)
        answers += [
            await ask(house, OrderBan(id=fresh_id(), target=report.code, seconds=600, reason="seen"), Done),
            await ask(house, ListBans(id=fresh_id()), BanList),
            await ask(house, OrderLift(id=fresh_id(), target=report.code), Done),
            await ask(house, OrderLift(id=fresh_id(), target=AWAY), Done),
        ]
        assert isinstance(house.service, Hearing)
        canaries = {HOME, AWAY, *IN_A_TALK, *house.service.names, *names_of(ana), *names_of(bo)}
        assert {ana.peer, bo.peer} <= house.service.names
        assert len(canaries) > 4 + 2 * 6 + 3
        for text in (*(answer.wire().decode() for answer in answers), after, metrics(house)):
            assert [canary for canary in canaries if canary in text] == []
        assert series(after) == series(metrics(house)) == before
