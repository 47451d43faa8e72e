"""The cluster: several nodes, several gates, and what stays true while one of them is away."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest

from broker.desk import BanList, Done, ListBans, OrderBan, OrderLift
from broker.engines.edge import Edge
from broker.orders import Ban, Kick, Lift, Order
from matcher.gates import Gates
from passerby import desk, running
from passerby.desk import Access, fresh_id
from passerby.settings import Settings
from stranger import Stranger
from tests.engines.clusters import NODES, Node
from tests.engines.houses import DESK_PASSWORD, Person, address_of, canary, elsewhere, people
from tests.engines.mqtt_probe import Probe, connect, publish, subscribe
from tests.engines.rabbitmq_house import RabbitmqHouse
from tests.polling import PATIENCE_S, until

EVERYWHERE = range(len(NODES))
GATE, NODE = 1, 2
BAN_S = 2.0


async def comes(house: RabbitmqHouse, person: Person, source: str, node: int) -> Probe:
    """Knock at a node; the probe tells how that went."""
    probe = await house.socket(source, node=node)
    await probe.send(connect(person.peer, person.password), subscribe(person.inbox))
    await probe.until(lambda: probe.subacks or probe.connack or probe.closed, within_s=PATIENCE_S)
    return probe


async def let_in(house: RabbitmqHouse, source: str, node: int) -> bool:
    [person] = people(1)
    probe = await comes(house, person, source, node)
    await probe.cut()
    return probe.connack == 0


async def let_in_at(house: RabbitmqHouse, source: str) -> list[bool]:
    """Knock at all nodes: RabbitMQ takes three seconds to say no."""
    return list(await asyncio.gather(*(let_in(house, source, node) for node in EVERYWHERE)))


async def shut_out(house: RabbitmqHouse, source: str) -> None:
    """Wait until all nodes refuse this address."""
    async with asyncio.timeout(PATIENCE_S):
        while any(await let_in_at(house, source)):
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def matcher(house: RabbitmqHouse) -> AsyncIterator[None]:
    """Run the real one, on the first node."""
    gates = house.cluster.gates
    url = f"mqtt://127.0.0.1:{house.cluster.nodes[0].service_port}"
    settings = Settings(gates=gates.urls, never_ban=[])
    async with running.matcher(url, gates.keys, settings=settings, wait_s=PATIENCE_S) as (service, _):
        assert service.ready.is_set()
        yield


def operator(house: RabbitmqHouse) -> Access:
    return Access(f"mqtt://127.0.0.1:{house.cluster.nodes[0].service_port}", "anna", DESK_PASSWORD)


async def members(nodes: Sequence[Node]) -> list[set[str]]:
    """Ask each of these which nodes the cluster is."""
    told = [asyncio.to_thread(node.evaluated, "rabbit_db_cluster:members()") for node in nodes]
    return [set(re.findall(r"rabbit@\w+", each)) for each in await asyncio.gather(*told)]


async def reasons(house: RabbitmqHouse) -> list[str]:
    """List what the living bans are for."""
    return [ban.reason for ban in (await desk.ask(operator(house), ListBans(id=fresh_id()), BanList)).bans]


async def test_a_ban_counts_at_every_node_and_so_does_its_end(house: RabbitmqHouse) -> None:
    here, listening = elsewhere(), await house.service()
    crowd = people(len(NODES))
    inside = [await comes(house, person, here, node) for person, node in zip(crowd, EVERYWHERE, strict=True)]
    keys = [await address_of(person, listening) for person in crowd]
    assert len(set(keys)) == 1, "gates make one key of one address"
    await house.obey(Ban(keys[0], 600))
    for probe in inside:
        await probe.until(lambda probe=probe: probe.closed, within_s=PATIENCE_S)  # type: ignore[misc]
    await shut_out(house, here)
    assert all(await let_in_at(house, elsewhere()))
    await house.obey(Lift(keys[0]))
    assert all(await let_in_at(house, here))


async def test_a_kick_meets_the_connection_that_there_was_and_not_the_next(house: RabbitmqHouse) -> None:
    [ada] = people(1)
    await house.service()
    for node in EVERYWHERE:
        probe = await comes(house, ada, elsewhere(), node)
        await house.obey(Kick(ada.peer))
        await probe.until(lambda probe=probe: probe.closed, within_s=PATIENCE_S)  # type: ignore[misc]
        again = await comes(house, ada, elsewhere(), node)
        await asyncio.sleep(0.5)  # longer than a gate looks whether it is done
        await again.echo()
        assert not again.closed
        await again.cut()


async def test_a_ban_is_at_every_node_within_two_seconds(house: RabbitmqHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the moment when the matcher orders it: who is inside is out, and nobody comes in again."""
    here, loop = elsewhere(), asyncio.get_running_loop()
    gates_order, ordered = Gates.order, list[float]()

    def order(self: Gates, order: Order) -> None:
        if isinstance(order, Ban):
            ordered.append(loop.time())
        gates_order(self, order)

    monkeypatch.setattr(Gates, "order", order)
    async with matcher(house):
        crowd = zip(people(len(NODES)), EVERYWHERE, strict=True)
        inside = [await comes(house, person, here, node) for person, node in crowd]
        await desk.ask(operator(house), OrderBan(id=fresh_id(), target=here, seconds=600, reason="seen"), Done)
        await until(lambda: all(probe.closed for probe in inside))
        out_s = loop.time() - ordered[0]
        knocked_s, let = out_s, True
        while let:  # RabbitMQ takes three seconds to say no, so what counts is when somebody asked
            knocked_s = loop.time() - ordered[0]
            let = any(await asyncio.gather(*(let_in(house, here, node) for node in EVERYWHERE)))
        await desk.ask(operator(house), OrderLift(id=fresh_id(), target=here), Done)
    print(f"\nban: out {out_s:.2f} s, nobody in {knocked_s:.2f} s")  # noqa: T201
    assert max(out_s, knocked_s) <= BAN_S


@pytest.mark.timeout(240)
async def test_a_ban_survives_the_restart_of_any_single_component(house: RabbitmqHouse) -> None:
    """A gate's, a node's, the matcher's. The operator orders it, and finds it again."""
    here, cluster, loop = elsewhere(), house.cluster, asyncio.get_running_loop()
    async with matcher(house):
        await desk.ask(operator(house), OrderBan(id=fresh_id(), target=here, seconds=600, reason="seen"), Done)
        await shut_out(house, here)
        await loop.run_in_executor(None, cluster.restart_gate, GATE)
        await shut_out(house, here)
        assert await let_in(house, elsewhere(), GATE)
        await loop.run_in_executor(None, cluster.restart_node, NODE)
        await shut_out(house, here)
        assert await let_in(house, elsewhere(), NODE)
    async with matcher(house):
        async with asyncio.timeout(PATIENCE_S):
            while "seen" not in await reasons(house):
                await asyncio.sleep(0.1)
        await shut_out(house, here)
        await desk.ask(operator(house), OrderLift(id=fresh_id(), target=here), Done)
        async with asyncio.timeout(PATIENCE_S):
            while not all(await let_in_at(house, here)):
                await asyncio.sleep(0.1)


async def test_while_a_gate_is_away_nobody_comes_in_by_it_and_nobody_is_put_out(house: RabbitmqHouse) -> None:
    ada, eve = people(2)
    listening, cluster, loop = await house.service(), house.cluster, asyncio.get_running_loop()
    inside = await comes(house, ada, elsewhere(), GATE)
    await inside.send(publish(ada.presence, b"before"))
    await listening.hears(ada.presence, b"before")
    await loop.run_in_executor(None, cluster.gates.stop, GATE)
    try:
        assert not await let_in(house, elsewhere(), GATE)
        assert await let_in(house, elsewhere(), NODE)
        here, welcome = canary(), canary()
        await inside.send(publish(ada.presence, here))
        await listening.hears(ada.presence, here)
        await listening.send(publish(ada.inbox, welcome))
        await inside.hears(ada.inbox, welcome)
        # What it has not asked for before is a no, too, and no more than that.
        refused = await comes(house, eve, elsewhere(), NODE)
        await inside.send(publish(ada.lobby, canary()), subscribe("v1/pulse", packet_id=9))
        await inside.until(lambda: [0x80] in inside.subacks, within_s=PATIENCE_S)
        await refused.echo()
        assert not inside.closed
    finally:
        await loop.run_in_executor(None, cluster.start_gate, GATE)
    assert await let_in(house, elsewhere(), GATE)
    # Who came in by it is known to one of them again, and can be put out.
    await until(lambda: any(ada.peer in cluster.gates.of(number).here for number in EVERYWHERE))
    await house.obey(Kick(ada.peer))
    await inside.until(lambda: inside.closed, within_s=PATIENCE_S)


@pytest.mark.timeout(240)
async def test_two_strangers_meet_over_different_nodes(house: RabbitmqHouse) -> None:
    """The whole way: matcher, gates, nodes, what stands in front, and two who talk."""
    async with matcher(house), AsyncExitStack() as stack:
        fronts = []
        for node in (1, 2):
            front = Edge(page=None, upstream=("127.0.0.1", house.cluster.nodes[node].port))
            await front.start()
            stack.push_async_callback(front.stop)
            fronts.append(f"ws://127.0.0.1:{front.port}/mqtt")
        both = [await stack.enter_async_context(Stranger(url)) for url in fronts]
        async with asyncio.TaskGroup() as group:
            meetings = [group.create_task(stack.enter_async_context(each.meet(within_s=PATIENCE_S))) for each in both]
        talks = [meeting.result() for meeting in meetings]
        assert {talk.role for talk in talks} == {"a", "b"}


async def test_a_node_that_is_gone_is_given_up_as_soon_as_it_is_set(house: RabbitmqHouse) -> None:
    """By default nobody hears a word for 7 s, a lost leader is missed after 5, and a silent node given up after 60."""
    setup, poll = "application:get_env(kernel, net_setuptime)", "application:get_env(aten, poll_interval)"
    told = f"{{{setup}, {poll}, net_kernel:get_net_ticktime()}}"
    for node in house.cluster.nodes:
        assert await asyncio.to_thread(node.evaluated, told) == "{{ok,2},{ok,1000},10}"


async def test_a_node_that_begins_anew_is_forgotten_before_it_is_there(house: RabbitmqHouse) -> None:
    """Else the others may go on with it where it was before, which it no longer knows, and it never comes back."""
    cluster, others = house.cluster, house.cluster.nodes[1:]
    await asyncio.to_thread(cluster.kill_node, 0)
    coming = asyncio.create_task(asyncio.to_thread(cluster.resume_node, 0))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while await members(others) != [{"rabbit@rb2", "rabbit@rb3"}] * 2:
                assert not coming.done(), "it is back, and was counted among the others all the time"
    finally:
        await coming
    assert await members(cluster.nodes) == [{"rabbit@rb1", "rabbit@rb2", "rabbit@rb3"}] * 3


@pytest.mark.timeout(240)
async def test_the_last_node_is_named_that_keeps_others_from_coming_back(house: RabbitmqHouse) -> None:
    """Two of three that were away at once have forgotten everything, and one is no majority."""
    cluster = house.cluster
    first, second, last = cluster.nodes
    for node in first, second:
        await asyncio.to_thread(node.kill)
    try:
        first.resume()
        assert await asyncio.to_thread(first.ends) == 1
        said = first.logs().splitlines()[-1]
        assert said.startswith("rabbit@rb3 has no majority, so it cannot take rabbit@rb1 in.")
    finally:
        await asyncio.to_thread(last.stop)
        for node in last, first, second:
            node.resume()
        for node in cluster.nodes:
            await asyncio.to_thread(node.await_ready, cluster.gates.keys.service)
    assert all(await let_in_at(house, elsewhere()))
