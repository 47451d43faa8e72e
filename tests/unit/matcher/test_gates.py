"""Gates that are processes of their own: what they are ordered and tell, and what one that was away must hear."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from broker import exchange, orders
from broker.addresses import AddressKey
from broker.orders import Ban, Kick, Order, Tell
from matcher.events import Event, GateFacts, Reopened
from matcher.gates import Gates
from matcher.standing_by import Visited
from tests.polling import until

EPOCH = 7
PASSWORD = "the service's"
ADA = "A" * 22
BAN = Ban(AddressKey(20_000, "B" * 22), 60)
ON = {"kind": "on", "peer": ADA, "address": "B" * 22, "day": 20_000}


class Gate:
    """A gate that notes what it is ordered, and tells what it was given to tell."""

    def __init__(self) -> None:
        self.port = 0
        self.life = "one"
        self.epochs: set[str] = set()
        self.ordered: list[Order] = []
        self.telling: list[bytes] = []
        self.asked = 0
        self.visited = exchange.visited(0, 0.0)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post(exchange.PATH, self._exchange)
        app.router.add_get(exchange.PATH, self._visited)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _visited(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != exchange.proof("service", PASSWORD):
            raise web.HTTPUnauthorized
        return web.Response(body=self.visited)

    async def _exchange(self, request: web.Request) -> web.Response:
        self.asked += 1
        if request.headers["Authorization"] != exchange.proof("service", PASSWORD):
            raise web.HTTPUnauthorized
        self.epochs.add(request.query["epoch"])
        self.ordered += map(orders.read, exchange.lines(await request.read()))
        told, self.telling = self.telling[:2], self.telling[2:]
        headers = {exchange.LIFE: self.life, exchange.MORE: str(int(bool(self.telling)))}
        return web.Response(body=b"\n".join(told), headers=headers)


class World:
    """Two gates and the service that asks them; and a third one, that is asked whether somebody was there."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self.one, self.other, self.third = Gate(), Gate(), Gate()
        self.heard: list[Event] = []
        self.stack = stack

    async def begin(self, password: str = PASSWORD) -> Gates:
        gates = Gates([self.one.url, f"{self.other.url}/"], password)
        await self.stack.enter_async_context(gates.exchanging(EPOCH, self.heard.append))
        return gates


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        made = World(stack)
        for gate in (made.one, made.other, made.third):
            await gate.start()
            stack.push_async_callback(gate.stop)
        yield made


async def test_every_gate_is_given_every_order_once_and_in_its_order(world: World) -> None:
    gates = await world.begin()
    given = [Kick(f"{number:022}") for number in range(2 * exchange.ORDERS_MAX + 3)]
    for order in given:
        gates.order(order)
    for gate in (world.one, world.other):
        await until(lambda gate=gate: len(gate.ordered) >= len(given))  # type: ignore[misc]
        assert gate.ordered == given
        assert gate.epochs == {str(EPOCH)}


async def test_what_gates_tell_becomes_events(world: World) -> None:
    world.one.telling = [exchange.batch("cluster", [{**ON, "peer": f"{number:022}"}]) for number in range(9)]
    await world.begin()
    await until(lambda: len(world.heard) == 9)
    facts = [fact for event in world.heard if isinstance(event, GateFacts) for fact in event.facts.facts]
    assert [fact.model_dump()["peer"] for fact in facts] == [f"{number:022}" for number in range(9)]


async def test_what_is_no_fact_is_passed_over(world: World) -> None:
    world.one.telling = [b"{", json.dumps({"kind": "facts", "gate": "x", "facts": [{"kind": "?"}]}).encode()]
    world.one.telling.append(exchange.batch("cluster", [ON]))
    await world.begin()
    await until(lambda: len(world.heard) == 1)


async def test_a_gate_that_was_away_is_given_what_it_missed_and_is_to_tell(world: World) -> None:
    gates = await world.begin()
    await until(lambda: world.one.asked)
    await world.one.stop()
    gates.order(BAN)
    await until(lambda: gates.away == 1)
    assert world.heard == []
    await world.one.start()
    await until(lambda: Tell() in world.one.ordered)
    assert world.one.ordered == [BAN, Tell()]
    assert world.heard == [Reopened()]
    assert world.other.ordered == [BAN]
    assert gates.away == 0


async def test_a_gate_that_began_anew_between_two_questions_is_noticed(world: World) -> None:
    await world.begin()
    await until(lambda: world.one.asked)
    world.one.life = "another"
    await until(lambda: world.one.ordered == [Tell()])
    assert world.heard == [Reopened()]


async def test_a_gate_that_does_not_take_our_word_is_away(world: World) -> None:
    gates = await world.begin("another's")
    gates.order(BAN)
    await until(lambda: gates.away == 2)
    gates.password = PASSWORD
    await until(lambda: not gates.away)
    assert world.one.ordered[0] == BAN


async def test_nothing_is_asked_when_the_service_is_not_at_work(world: World) -> None:
    gates = await world.begin()
    await until(lambda: world.one.asked)
    await world.stack.aclose()
    gates.order(BAN)
    assert BAN not in world.one.ordered


async def watch(world: World, password: str = PASSWORD) -> list[Visited]:
    heard: list[Visited] = []
    gates = Gates([gate.url for gate in (world.one, world.other, world.third)], password)
    await world.stack.enter_async_context(gates.watched(heard.append))
    return heard


async def test_who_stands_by_hears_of_the_latest_visit_to_any_gate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.gates.LOOK_S", 0.05)
    world.one.visited = exchange.visited(7, 60.0)
    world.other.visited = exchange.visited(6, 0.2)
    world.third.visited = exchange.visited(0, 100.0)
    heard = await watch(world)
    await until(lambda: heard)
    assert heard[0] == Visited(7, 0.2)
    await world.one.stop()
    await until(lambda: heard[-1] == Visited(6, 0.2))


@pytest.mark.parametrize("lie", [b"{", b"[]", b'{"epoch":1}', b'{"epoch":-1,"ago":1}', b'{"epoch":1,"ago":NaN}'])
async def test_half_of_the_gates_and_fewer_prove_nothing(
    world: World, lie: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is gone, the other says something else: who asks may be cut off itself."""
    monkeypatch.setattr("matcher.gates.LOOK_S", 0.05)
    await world.one.stop()
    world.other.visited = lie
    heard = await watch(world)
    await asyncio.sleep(0.3)
    assert heard == []
    world.other.visited = exchange.visited(3, 4.0)
    await until(lambda: heard)
    assert heard[0] == Visited(3, 0.0)


async def test_who_is_not_the_service_is_told_nothing(world: World) -> None:
    heard = await watch(world, "another's")
    await asyncio.sleep(0.3)
    assert heard == []
