"""A stand-in for the service at its end of a desk: it hears what is asked, and answers as a test tells it to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable

from broker import desk, topics
from broker.desk import Answer, Ask, Levels, Modes, Reason, View, Waits
from broker.messages import parse
from tests.engines.mqtt_probe import Probe, connect, over_tcp, publish, subscribe

Reply = Callable[[Ask], Iterable[Answer | bytes]]


@contextlib.asynccontextmanager
async def answering(port: int, password: str, reply: Reply, *, operator: str = "operator") -> AsyncIterator[list[Ask]]:
    """Come in as the service, and answer what one operator asks; gives what was asked up to now."""
    async with over_tcp(port) as probe:
        await probe.send(connect("service", password), subscribe("v1/desk/+/ask", qos=1))
        await probe.until(lambda: probe.subacks)
        asked: list[Ask] = []
        task = asyncio.create_task(_answer(probe, reply, asked, operator))
        try:
            yield asked
        finally:
            task.cancel()
            await asyncio.wait([task])


async def _answer(probe: Probe, reply: Reply, asked: list[Ask], operator: str) -> None:
    while True:
        for seen in probe.seen[len(asked) :]:
            question = parse(desk.ask, seen.payload)
            asked.append(question)
            for answer in reply(question):
                payload = answer if isinstance(answer, bytes) else answer.wire()
                await probe.send(publish(topics.desk_answer(operator), payload))
        await asyncio.sleep(0.01)


def view(id_: str = "A" * 11, **changes: object) -> View:
    """Give how things stand in a place where some hundred people are."""
    stands = View(
        id=id_,
        epoch=1_764_000_000_000,
        up_s=11_525,
        here=128,
        waiting=Modes(text=4, voice=0, video=1),
        talking=Modes(text=100, voice=10, video=12),
        sessions=61,
        matched_per_min=12.3,
        joined_per_min=25.0,
        ended_per_min=11.6,
        waits=Waits(p50=0.84, p95=6.2),
        levels=Levels(free=120, slow=5, stamps=2, kick=0, ban=1),
        effort=0,
        bans=4,
        banned_per_hour=3,
        kicked_per_hour=5,
        slowed_per_hour=12,
        spared_per_hour=2,
        reports=2,
        dry_run=False,
        storm=False,
        apart=3,
        tense=False,
        reasons=[Reason(reason="skips", count=12), Reason(reason="pace", count=5)],
        refusals=[Reason(reason="hurried", count=34), Reason(reason="denied-publish", count=2)],
    )
    return stands.model_copy(update=changes)
