"""Routing: who gets what, and what it costs, counted instead of timed."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from broker import topics
from broker.engines.mqtt import routes as module
from broker.engines.mqtt.routes import Routes
from tests.engines.embedded_house import EmbeddedHouse
from tests.engines.houses import Person
from tests.engines.mqtt_probe import DISCONNECT, connect, publish, subscribe

LEVELS = st.sampled_from(["a", "b", "$c"])
TOPICS = st.lists(LEVELS, min_size=1, max_size=3).map("/".join)
FILTERS = st.lists(LEVELS | st.just("+"), min_size=1, max_size=3).map("/".join) | st.sampled_from(["#", "a/#", "+/#"])
NAMES = st.sampled_from(["ada", "bob", "service"])


@given(st.lists(st.tuples(NAMES, FILTERS, st.integers(0, 1), st.booleans())), TOPICS)
def test_it_answers_like_a_list_that_is_looked_through(steps: list[tuple[str, str, int, bool]], topic: str) -> None:
    routes, plain = Routes(), dict[tuple[str, str], int]()
    for name, filter_, qos, add in steps:
        if add:
            routes.add(name, filter_, qos)
            plain[name, filter_] = qos
        else:
            assert routes.remove(name, filter_) == (plain.pop((name, filter_), None) is not None)
    expected: dict[str, int] = {}
    for (name, filter_), qos in plain.items():
        if topics.matches(filter_, topic):
            expected[name] = max(qos, expected.get(name, 0))
    assert routes.listeners(topic) == expected
    assert len(routes) == len(plain)
    for name in ("ada", "bob", "service"):
        routes.forget(name)
    assert vars(routes) == vars(Routes())


def test_a_message_comes_once_at_the_best_qos_of_filters_that_overlap() -> None:
    routes = Routes()
    routes.add("service", "v1/lobby/+", 0)
    routes.add("service", "v1/lobby/ada", 1)
    assert routes.listeners("v1/lobby/ada") == {"service": 1}


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count how often a filter is compared with a topic."""
    count = 0

    def counting(filter_: str, topic: str) -> bool:
        nonlocal count
        count += 1
        return topics.matches(filter_, topic)

    monkeypatch.setattr(module, "matches", counting)
    return lambda: count


def test_comparisons_for_a_message_do_not_grow_with_the_peers(comparisons: Callable[[], int]) -> None:
    routes = Routes()
    for filter_ in ("v1/presence/+", "v1/lobby/+", "v1/gate/+"):
        routes.add("service", filter_, 1)
    counts = []
    for number in range(2_000):
        routes.add(f"peer-{number}", f"v1/inbox/peer-{number}", 0)
        if number in (99, 1_999):
            before = comparisons()
            assert routes.listeners("v1/inbox/peer-7") == {"peer-7": 0}
            assert routes.listeners("v1/lobby/peer-7") == {"service": 1}
            counts.append(comparisons() - before)
    assert counts == [6, 6]


class Counted(dict[object, object]):
    """A table that counts its entries as they are walked through."""

    steps = 0

    def _walk(self, entries: Iterator[object]) -> Iterator[object]:
        for entry in entries:
            Counted.steps += 1
            yield entry

    @override
    def __iter__(self) -> Iterator[object]:
        return self._walk(super().__iter__())

    @override
    def items(self) -> Iterator[object]:  # type: ignore[override]  # whoever walks through it takes no notice
        return self._walk(iter(super().items()))

    @override
    def values(self) -> Iterator[object]:  # type: ignore[override]  # the same
        return self._walk(iter(super().values()))

    @override
    def keys(self) -> Iterator[object]:  # type: ignore[override]  # the same
        return self._walk(super().__iter__())


async def test_no_table_is_walked_through_when_somebody_comes_speaks_or_goes(house: EmbeddedHouse) -> None:
    """Neither amqtt's nor ours: not on CONNECT, SUBSCRIBE, PUBLISH, UNSUBSCRIBE or DISCONNECT."""
    guard = house.engine._guard  # noqa: SLF001  what is counted cannot be seen from outside
    assert guard is not None
    amqtt, routes = guard.core._broker, guard.core.routes  # noqa: SLF001  the same
    for holder, name in ((amqtt, "_sessions"), (amqtt, "_subscriptions"), (routes, "_exact"), (routes, "_held")):
        setattr(holder, name, Counted())
    service = await house.service()
    for _ in range(40):
        await house.peer(Person())
    Counted.steps = 0
    ada, probe = Person(), await house.socket()
    await probe.send(connect(ada.peer, ada.password), subscribe(ada.inbox))
    await probe.until(lambda: probe.subacks)
    await service.send(publish(ada.inbox, b"welcome"))
    await probe.hears(ada.inbox, b"welcome")
    await probe.send(publish(ada.lobby, b"join"), DISCONNECT)
    await probe.until(lambda: probe.closed)
    await service.hears(ada.lobby, b"join")
    assert Counted.steps == 0
    assert amqtt._subscriptions == {}  # noqa: SLF001  the same
