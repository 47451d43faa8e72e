"""The gate as a service: what it answers, what it shares with its siblings, and what it asks of RabbitMQ."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from broker import exchange, networks
from broker.engines.rabbitmq import ALLOW, MANAGER
from broker.engines.rabbitmq_gate.salts import SharedSalts
from broker.engines.rabbitmq_gate.server import GateServer, Pace, Secrets
from broker.engines.rabbitmq_gate.siblings import HERE, ROOT
from broker.gate import Gate
from broker.identity import b64url, peer_of
from broker.networks import Networks
from broker.orders import Ban, Kick, Order
from broker.seats import SeatKeys
from tests.polling import until
from tests.ports import free_port, free_ports
from tests.unit.broker.test_gate import key_of

HOME = "192.0.2.1"
INTERNAL = {"service": "s3cret"}
QUICK = Pace(siblings_s=0.05, connections_s=0.05, young_s=60)
ADA = peer_of(bytes(32))


class Rabbit:
    """A management interface: who is connected, and from where."""

    def __init__(self) -> None:
        self.url = ""
        self.here: dict[str, str] = {}
        self.lines: dict[str, str] = {}  # a connection has a name of its own
        self.kicked: list[str] = []

    def comes(self, name: str, address: str) -> None:
        self.here[name], self.lines[name] = address, f"{address}:{len(self.kicked)}"

    async def all(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == exchange.proof(MANAGER, "m")
        since = int(time.time() * 1000) - 600_000
        listed = [{"user": name, "peer_host": address, "connected_at": since} for name, address in self.here.items()]
        return web.json_response([*listed, {"pid": "of a connection that is closing"}])

    async def one(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if request.method == "DELETE":
            self.kicked.append(name)
            self.here.pop(name, None)
            return web.Response(status=204)
        return web.json_response([{"name": self.lines[name]}] if name in self.here else [])


class House:
    """Gates on loopback, and one management interface for all."""

    def __init__(self, stack: AsyncExitStack, http: aiohttp.ClientSession, rabbit: Rabbit, keys: SeatKeys) -> None:
        self.rabbit = rabbit
        self._stack = stack
        self._http = http
        self._keys = keys

    def make(
        self, siblings: tuple[int, ...] = (), port: int = 0, clock: Callable[[], float] = time.time
    ) -> tuple[GateServer, SharedSalts]:
        salts = SharedSalts(clock())
        gate = Gate(name="cluster", keys=self._keys, salts=salts.salts, internal=INTERNAL)
        server = GateServer(
            gate,
            salts,
            Secrets(self._keys, INTERNAL, ("the siblings'", "the one before"), ("m",)),
            clock=clock,
            port=port,
            siblings=[f"http://127.0.0.1:{each}" for each in siblings],
            management=["http://127.0.0.1:9", self.rabbit.url],
            internal=Networks([networks.read("127.0.0.1")]),
            pace=QUICK,
        )
        self._stack.push_async_callback(server.stop)
        return server, salts

    async def open(
        self, siblings: tuple[int, ...] = (), port: int = 0, clock: Callable[[], float] = time.time
    ) -> tuple[GateServer, SharedSalts]:
        server, salts = self.make(siblings, port, clock)
        await server.start()
        return server, salts

    async def ask(self, server: GateServer, question: str, **form: str) -> tuple[int, str]:
        async with self._http.post(f"http://127.0.0.1:{server.port}/auth/{question}", data=form) as answer:
            return answer.status, await answer.text()

    async def comes(self, server: GateServer, number: int, address: str = HOME) -> bool:
        name = peer_of(number.to_bytes(32, "big"))
        return (await self.ask(server, "vhost", username=name, client_id=name, vhost="/", ip=address))[1] == ALLOW

    async def get(self, server: GateServer, path: str, word: str) -> int:
        headers = {"Authorization": f"Bearer {word}"}
        async with self._http.get(f"http://127.0.0.1:{server.port}{path}", headers=headers) as answer:
            return answer.status

    async def exchange(
        self,
        server: GateServer,
        *orders: Order,
        epoch: int = 1,
        name: str = "service",
        password: str = INTERNAL["service"],
    ) -> tuple[int, list[dict[str, Any]]]:
        async with self._http.post(
            f"http://127.0.0.1:{server.port}{exchange.PATH}",
            params={"epoch": str(epoch)},
            data=exchange.ordered(orders),
            headers={"Authorization": exchange.proof(name, password)},
        ) as answer:
            told = await answer.read() if answer.status == 200 else b""
            return answer.status, [fact for line in exchange.lines(told) for fact in json.loads(line)["facts"]]

    async def visited(self, server: GateServer, password: str = INTERNAL["service"]) -> tuple[int, float] | None:
        headers = {"Authorization": exchange.proof("service", password)}
        async with self._http.get(f"http://127.0.0.1:{server.port}{exchange.PATH}", headers=headers) as answer:
            return exchange.read_visited(await answer.read()) if answer.status == 200 else None


@pytest.fixture
async def house(keys: SeatKeys) -> AsyncIterator[House]:
    rabbit = Rabbit()
    app = web.Application()
    app.router.add_get("/api/connections", rabbit.all)
    app.router.add_route("*", "/api/connections/username/{name}", rabbit.one)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    rabbit.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with AsyncExitStack() as stack, aiohttp.ClientSession() as http:
        stack.push_async_callback(runner.cleanup)
        yield House(stack, http, rabbit, keys)


@contextlib.contextmanager
def deaf() -> Any:
    """Somebody who takes a connection, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one.getsockname()[1]


async def test_rabbitmq_is_answered_by_the_gate(house: House) -> None:
    server, _ = await house.open()
    secret = bytes(32)
    form = {"username": peer_of(secret), "client_id": peer_of(secret), "password": b64url(secret)}
    assert await house.ask(server, "user", **form) == (200, "allow")
    assert await house.ask(server, "user", **{**form, "password": "x"}) == (200, "deny")
    assert await house.ask(server, "user", **{f"field{number}": "x" for number in range(100)}) == (200, "deny")
    assert await house.ask(server, "anything", **form) == (200, "deny")


async def test_before_it_is_settled_it_answers_nothing(house: House) -> None:
    """A key under salts that nobody else has would be worth nothing."""
    with deaf() as port:
        server, salts = house.make((port,))
        starting = asyncio.create_task(server.start())
        await until(lambda: server.port)
        assert (await house.ask(server, "user", username="x"))[0] == 503
        assert (await house.exchange(server))[0] == 503
        await starting
    assert await house.comes(server, 1)
    assert salts.root.born


async def test_one_that_begins_takes_the_salts_of_those_that_are_there(house: House) -> None:
    first, _ = await house.open()
    second, _ = await house.open((first.port,))
    assert await house.comes(first, 1)
    assert await house.comes(second, 2)
    keys = [key_of((await house.exchange(server))[1]) for server in (first, second)]
    assert keys[0] == keys[1]


async def test_those_that_begin_at_once_agree(house: House) -> None:
    ports = free_ports(3)
    made = [house.make(tuple(each for each in ports if each != port), port) for port in ports]
    await asyncio.gather(*(server.start() for server, _ in made))
    await until(lambda: len({salts.root for _, salts in made}) == 1)


async def test_one_that_could_not_reach_its_elder_follows_it_and_tells_everybody_again(house: House) -> None:
    port = free_port()
    house.rabbit.comes(ADA, HOME)
    alone, salts = await house.open((port,))
    old: list[dict[str, Any]] = []
    while not old:
        old = (await house.exchange(alone))[1]
    elder, elders = await house.open(port=port, clock=lambda: time.time() - 1_000)
    await until(lambda: salts.root == elders.root)
    new: list[dict[str, Any]] = []
    while not new:
        new = (await house.exchange(alone))[1]
    assert [(fact["kind"], fact["peer"]) for fact in old + new] == [("on", ADA)] * 2
    assert key_of(old) != key_of(new)
    assert await house.comes(elder, 7)
    told = [fact for fact in (await house.exchange(elder))[1] if fact["peer"] != ADA]
    assert key_of(told).key == key_of(new).key


@pytest.mark.parametrize("path", [ROOT, HERE])
async def test_only_a_sibling_is_told_what_siblings_share(house: House, path: str) -> None:
    server, _ = await house.open()
    answers = [await house.get(server, path, word) for word in ("the siblings'", "the one before", "s3cret", "", "m")]
    assert answers == [200, 200, 401, 401, 401]


async def test_only_the_service_exchanges_and_only_the_latest(house: House) -> None:
    server, _ = await house.open()
    assert (await house.exchange(server, password="x"))[0] == 401
    assert (await house.exchange(server, name="desk-anna"))[0] == 401
    assert [(await house.exchange(server, epoch=epoch))[0] for epoch in (5, 4, 5, 6)] == [200, 409, 200, 200]


async def test_who_stands_by_is_told_when_a_service_was_here(house: House) -> None:
    server, _ = await house.open()
    assert await house.visited(server, "x") is None
    now = asyncio.get_running_loop().time
    began = now()
    await asyncio.sleep(0.05)
    waited = now() - began
    told = await house.visited(server)
    assert told
    assert told[0] == 0
    assert told[1] >= waited, "nobody was here since it began"
    came = now()
    await house.exchange(server, epoch=5)
    await house.exchange(server, epoch=4)
    told = await house.visited(server)
    assert told
    assert told[0] == 5
    assert told[1] <= now() - came


async def test_orders_are_obeyed_in_their_order_and_facts_told_once(house: House) -> None:
    server, _ = await house.open()
    assert await house.comes(server, 1)
    status, facts = await house.exchange(server)
    assert (status, len(facts)) == (200, 1)
    await house.exchange(server, Ban(key_of(facts), 60))
    assert not await house.comes(server, 2)
    assert [fact["what"] for fact in (await house.exchange(server))[1]] == ["banned"]
    assert (await house.exchange(server))[1] == []


async def test_who_is_put_out_is_put_out_by_rabbitmq_and_may_come_back(house: House) -> None:
    server, _ = await house.open()
    name = peer_of((1).to_bytes(32, "big"))
    house.rabbit.comes(name, HOME)
    assert await house.comes(server, 1)
    await house.exchange(server, Kick(name), Kick(name))
    await until(lambda: house.rabbit.kicked == [name])
    await until(lambda: name not in server.here)
    house.rabbit.comes(name, HOME)
    await until(lambda: not server._kicks)  # noqa: SLF001  nothing shows outside that it has ended
    assert house.rabbit.kicked == [name]


async def test_a_gate_that_begins_anew_can_put_out_who_was_here_before(house: House) -> None:
    first, _ = await house.open()
    house.rabbit.comes(ADA, HOME)
    second, _ = await house.open((first.port,))
    await until(lambda: ADA in second.here or ADA in first.here)
    for server in (first, second):
        await house.exchange(server, Kick(ADA))
    await until(lambda: house.rabbit.kicked == [ADA])


async def test_other_secrets_are_taken_up_while_it_runs(house: House, keys: SeatKeys) -> None:
    server, _ = await house.open()
    server.turn(Secrets(keys, {"service": ("new", "s3cret")}, ("new", "the siblings'"), ("new m", "m")))
    assert (await house.exchange(server, password="new"))[0] == 200
    assert await house.get(server, ROOT, "new") == 200
    assert await house.ask(server, "user", username=MANAGER, password="new m") == (200, "allow administrator")
