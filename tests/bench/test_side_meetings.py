"""How meetings of several systems are put beside each other: what is compared with what, and that all do meet."""

import gzip
from collections import Counter

import pytest

from bench.side import talk, weight
from bench.side.meetings import Sent
from bench.side.section import Bar
from bench.side.servers import ESBUILD, NOT_THERE, bundled
from bench.side.systems import FLOOR, OTHERS, OURS, OURS_EMBEDDED, PEERJS, QUEUE, SOCKET_IO, SYSTEMS, TRYSTERO
from bench.side.talk import Cell
from bench.side.weight import Weight
from tests.journeys.browsers import find_chromium


@pytest.fixture
def others() -> None:
    """What Passerby is measured beside, and a browser to do it with; without them, skip."""
    if not ESBUILD.is_file():
        pytest.skip(NOT_THERE)
    find_chromium()


def cells(**p50: float) -> list[Cell]:
    """Each system under each condition, all with the same samples but for those given as `ours_warm_50`."""
    names = {"ours": OURS, "trystero": TRYSTERO, "peerjs": PEERJS, "queue": QUEUE, "socketio": SOCKET_IO}
    found = list(talk.conditions(SYSTEMS, (0, 50, 150)))
    for cell in found:
        cell.open_ms += [99.0, 100.0, 900.0]
    for what, value in p50.items():
        name, start, added = what.split("_")
        (cell,) = (
            each for each in found if (each.system, each.start, each.added_ms) == (names[name], start, int(added))
        )
        cell.open_ms[:] = [value]
    return found


def held(bars: list[Bar]) -> dict[str, bool]:
    return {bar.what: bar.holds for bar in bars}


def test_systems_take_turns_within_each_condition() -> None:
    found = list(talk.conditions(SYSTEMS, (0, 50)))
    assert [cell.system for cell in found[:7]] == list(SYSTEMS)
    assert [(cell.start, cell.added_ms) for cell in found if cell.system == OURS] == [
        ("warm", 0),
        ("warm", 50),
        ("cold", 0),
        ("cold", 50),
    ]


def test_without_a_network_there_is_one_condition() -> None:
    assert [(cell.start, cell.added_ms) for cell in talk.conditions(SYSTEMS, (0, 50, 150)) if cell.system == FLOOR] == [
        ("warm", 0)
    ]


def test_each_bar_compares_the_middle_sample_on_mosquitto() -> None:
    bars = list(talk.bars(cells(ours_warm_50=59, trystero_warm_50=100, socketio_warm_50=80, peerjs_warm_50=50)))
    assert [(bar.what, bar.measured, bar.limit) for bar in bars] == [
        ("warm, 0 ms: p50 / the fastest other", 1.0, "≤ 1.2"),
        ("warm, 50 ms: p50 / Trystero, Mosquitto", 0.59, "≤ 0.6"),
        ("warm, 50 ms: p50 / Socket.IO", 59 / 80, "≤ 0.8"),
        ("warm, 50 ms: p50 / PeerJS, ids known", 1.18, "≤ 1"),
        ("warm, 150 ms: p50 / the fastest other", 1.0, "≤ 1"),
        ("cold, 50 ms: p50 / Trystero, Mosquitto", 1.0, "≤ 0.5"),
    ]
    assert list(held(bars).values()) == [True, True, True, False, True, False]


@pytest.mark.parametrize("fastest", ["trystero", "peerjs", "queue", "socketio"])
def test_the_fastest_is_whichever_is(fastest: str) -> None:
    bars = held(list(talk.bars(cells(**{f"{fastest}_warm_0": 80, f"{fastest}_warm_150": 99}))))
    assert not bars["warm, 0 ms: p50 / the fastest other"]
    assert not bars["warm, 150 ms: p50 / the fastest other"]


def test_neither_the_floor_nor_our_other_broker_is_one_of_the_others() -> None:
    assert {FLOOR, OURS, OURS_EMBEDDED}.isdisjoint(OTHERS)


def test_no_bar_holds_where_nothing_was_measured() -> None:
    found = cells()
    for cell in found:
        if cell.system == TRYSTERO:
            cell.open_ms.clear()
    bars = held(list(talk.bars(found)))
    assert not bars["warm, 50 ms: p50 / Trystero, Mosquitto"]
    assert not bars["cold, 50 ms: p50 / Trystero, Mosquitto"]
    assert bars["warm, 0 ms: p50 / the fastest other"]


def test_what_was_not_asked_for_has_no_bar() -> None:
    bars = [bar.what for bar in talk.bars(list(talk.conditions(SYSTEMS, (0, 50))))]
    assert len(bars) == 5
    assert not any("150" in what for what in bars)


def test_the_table_tells_failures_and_what_was_never_measured() -> None:
    found = cells(ours_warm_0=42)
    next(cell for cell in found if (cell.system, cell.start) == (TRYSTERO, "cold")).open_ms.clear()
    made = talk.table(found, Counter({TRYSTERO: 3}))
    assert {len(row) for row in made.rows} == {len(made.head)}
    rows = {row[0]: row for row in made.rows}
    assert rows[OURS][1] == "42 / 42 (1)"
    assert rows[OURS][2] == "100 / 900 (3)"
    assert rows[TRYSTERO][4] == "none"
    assert rows[TRYSTERO][-1] == "3"
    assert rows[FLOOR][2:] == ("", "", "", "", "", "0")


def weighed(name: str, *sent: Sent) -> Weight:
    return Weight(name, 2048, sent, sent)


def test_fewer_is_less_than_the_least_of_the_others() -> None:
    ours = weighed(OURS, Sent(4, 2000, 0), Sent(5, 2100, 2), Sent(9, 9000, 9))
    others = [weighed(PEERJS, Sent(5, 4000, 0)), weighed(TRYSTERO, Sent(10, 3000, 0))]
    frames, size = weight.bars([ours, *others])
    assert (frames.measured, frames.holds) == (1.0, False)
    assert (size.measured, size.holds) == (0.7, True)


def test_who_never_met_weighs_nothing_and_reaches_no_bar() -> None:
    weights = [weighed(OURS), weighed(PEERJS, Sent(5, 4000, 0))]
    assert not any(bar.holds for bar in weight.bars(weights))
    made = weight.table(weights)
    assert {len(row) for row in made.rows} == {len(made.head)}
    assert made.rows[0][1:4] == ("2.0", "none", "none")
    assert made.rows[1][1:5] == ("2.0", "0", "5", "4000")


async def test_all_that_need_no_container_meet_warm_and_cold(others: None) -> None:
    names = (OURS_EMBEDDED, QUEUE, SOCKET_IO, FLOOR)  # with the queue there is all of PeerJS
    section = await talk.compare(names, added=(0,), n=1, minutes=1)
    assert section.samples["failures"] == {}
    measured = {(cell["system"], cell["start"]): cell["openMs"] for cell in section.samples["cells"]}
    assert measured.keys() == {(name, start) for name in names for start in ("warm", "cold")} - {(FLOOR, "cold")}
    assert all(len(open_ms) == 1 and open_ms[0] > 0 for open_ms in measured.values())


async def test_a_bundle_holds_the_library(others: None) -> None:
    script = await bundled('{ io } from "socket.io-client"')
    assert b"perMessageDeflate" in script
    assert 5_000 < len(gzip.compress(script)) < 50_000
