"""Metrics: what is told, that nothing names anybody, and that there are no more series when more people come."""

import secrets
from collections.abc import Callable
from dataclasses import replace

import aiohttp
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from broker.identity import PeerId, b64url, peer_of
from broker.messages import VERSION, Facts, Here, Join, On, Report, Talking
from broker.seats import SeatKeys
from matcher.effects import Send
from matcher.events import GateFacts, Heard, Tick
from matcher.histogram import Histogram
from matcher.lobby import Lobby
from matcher.stats import HELD_BACK, REFUSALS, LobbyStats, ServiceStats
from matcher.system_randomness import SystemRandomness
from passerby import metrics
from passerby.trouble import Trouble

KEYS = SeatKeys({1: bytes(32)}, 1)
NOW = 1_800_000_000.0
Labels = frozenset[tuple[str, str]]


def stats(lobby: LobbyStats | None = None, *, connected: bool = True, tick_s_ago: float | None = 0.5) -> ServiceStats:
    return ServiceStats(
        connected=connected, tick_s_ago=tick_s_ago, epoch=5 if lobby else None, counts={"bugs": 1}, lobby=lobby
    )


def text(read: Callable[[], ServiceStats]) -> str:
    return generate_latest(metrics.registry(read)).decode()


def series(read: Callable[[], ServiceStats]) -> dict[tuple[str, Labels], float]:
    """Give every series of ours by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text(read))
        for sample in family.samples
        if sample.name.startswith("passerby_")
    }


class Crowd:
    """People in a real lobby, who wait, talk and report."""

    def __init__(self, count: int) -> None:
        self.lobby = Lobby(5, KEYS, SystemRandomness())
        self.told: list[str] = []
        for _ in range(count):
            self._come(peer_of(secrets.token_bytes(32)))
        self.lobby.step(Tick(), NOW + 1)

    def _come(self, peer: PeerId) -> None:
        life, address = b64url(secrets.token_bytes(8)), b64url(secrets.token_bytes(16))
        self.told += [peer, life, address]
        fact = On(peer=peer, address=address, day=20_000)
        self.lobby.step(GateFacts(Facts(gate="g", facts=[fact])), NOW)
        [welcome] = [
            effect.message
            for effect in self.lobby.step(Heard(peer, Here(life=life, version=VERSION)), NOW)
            if isinstance(effect, Send) and effect.message.kind == "welcome"
        ]
        join = Join(
            life=life,
            ticket=b64url(secrets.token_bytes(16)),
            seat=welcome.seat,
            key="B" + "A" * 86,
            mode="text",
            tags=["cats"],
            languages=["en"],
            relay=False,
        )
        self.told += [join.ticket, join.seat, "cats"]
        for effect in self.lobby.step(Heard(peer, join), NOW):
            if isinstance(effect, Send) and effect.message.kind == "matched" and effect.peer == peer:
                session = effect.message.session
                self.told.append(session)
                self.lobby.step(Heard(peer, Talking(life=life, session=session)), NOW)
                self.lobby.step(Heard(peer, Report(life=life, session=session, reason="spam")), NOW)


def test_ten_people_and_a_thousand_make_the_same_series_as_nobody() -> None:
    few, many = Crowd(11).lobby.stats(NOW + 1), Crowd(1_001).lobby.stats(NOW + 1)
    assert (few.here, many.here) == (11, 1_001)
    assert series(lambda: stats(few)).keys() == series(lambda: stats(many)).keys() == series(stats).keys()


def test_neither_an_id_nor_an_address_is_told() -> None:
    crowd = Crowd(11)
    said = text(lambda: stats(crowd.lobby.stats(NOW + 1)))
    assert not [word for word in crowd.told if word in said]
    listed = {*metrics.MODES, *metrics.LEVELS, *metrics.REASONS, *HELD_BACK, *metrics.REPORTS}
    listed |= {*REFUSALS, *metrics.LOBBY_EVENTS, *metrics.SERVICE_EVENTS, *metrics.KEPT}
    values = {
        value
        for _, labels in series(lambda: stats(crowd.lobby.stats(NOW + 1)))
        for name, value in labels
        if name != "le"
    }
    assert values <= listed


def full(**changes: object) -> LobbyStats:
    waited = Histogram()
    for seconds in (0.05, 0.2, 5_000):
        waited.add(seconds)
    known = replace(
        Crowd(4).lobby.stats(NOW + 1),
        levels={"free": 3, "ban": 1},
        verdicts={("kick", "skips"): 4, ("ban", "reports"): 2},
        held_back={"dry-run": 6},
        waited=waited,
        bans=9,
        reports={"minor": 8},
        waiting_reports=3,
        gate={"hurried": 5, "denied-will": 1, "other": 3},
        storm=True,
        effort=18,
    )
    return replace(known, **changes)  # type: ignore[arg-type]  # names of its fields


def test_it_tells_what_the_service_counts() -> None:
    lobby = full()
    told = series(lambda: stats(lobby))

    def value(name: str, **labels: str) -> float:
        return told[f"passerby_{name}", frozenset(labels.items())]

    assert (value("connected"), value("epoch"), value("here"), value("storm")) == (1, 5, 4, 1)
    assert value("talking", mode="text") + value("waiting", mode="text") == 4
    assert (value("level_peers", level="free"), value("level_peers", level="kick")) == (3, 0)
    assert value("verdicts_total", level="kick", reason="skips") == 4
    assert value("verdicts_total", level="ban", reason="reports") == 2
    assert value("held_back_total", why="dry-run") == 6
    assert (value("waited_seconds_bucket", le="0.1"), value("waited_seconds_bucket", le="1800.0")) == (1, 2)
    assert (value("waited_seconds_bucket", le="+Inf"), value("waited_seconds_count")) == (3, 3)
    assert value("waited_seconds_sum") == pytest.approx(5_000.25)
    assert (value("bans"), value("reports_total", reason="minor"), value("reports_waiting")) == (9, 8, 3)
    assert value("gate_refusals_total", what="hurried") == 5
    assert value("gate_refusals_total", what="other") == 3
    assert value("effort_bits") == 18
    assert value("service_events_total", event="bugs") == 1
    assert value("lobby_events_total", event="matched") == lobby.counts["matched"]


def test_what_is_on_no_list_makes_no_series() -> None:
    odd = full(
        levels={"x": 1},
        gate={"x": 1},
        verdicts={("ban", "x"): 1},
        held_back={"x": 1},
        reports={"x": 1},
        counts={"x": 1},
    )
    assert series(lambda: stats(odd)).keys() == series(stats).keys()


@pytest.mark.parametrize(
    ("stands", "why"),
    [
        (stats(), None),
        (stats(connected=False), "not connected"),
        (stats(tick_s_ago=None), "time stands still"),
        (stats(tick_s_ago=5.5), "time stands still"),
    ],
)
def test_it_is_ready_while_it_is_connected_and_time_goes_on(stands: ServiceStats, why: str | None) -> None:
    said = metrics.unready(stands)
    assert said is None if why is None else why in (said or "")


async def test_it_serves_metrics_and_health_at_a_port() -> None:
    now = [stats(connected=False)]
    async with metrics.served(lambda: now[0], "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{port}"
        async with http.get(f"{url}/metrics") as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
            assert "passerby_connected 0.0" in await answer.text()
        async with http.get(f"{url}/healthz") as answer:
            assert answer.status == 200
        async with http.get(f"{url}/readyz") as answer:
            assert (answer.status, await answer.text()) == (503, "not connected to the broker\n")
        now[0] = stats()
        async with http.get(f"{url}/readyz") as answer:
            assert (answer.status, await answer.text()) == (200, "ready\n")
        now[0] = replace(stats(connected=False), standby=True, watching=True)
        async with http.get(f"{url}/readyz") as answer:
            assert (answer.status, await answer.text()) == (200, "standby\n")
        async with http.get(f"{url}/metrics") as answer:
            assert "passerby_standby 1.0" in await answer.text()
        now[0] = replace(now[0], watching=False)
        async with http.get(f"{url}/readyz") as answer:
            assert answer.status == 503
        async with http.get(f"{url}/") as answer:
            assert answer.status == 404
        with pytest.raises(Trouble, match="PASSERBY_METRICS_PORT"):
            async with metrics.served(stats, "127.0.0.1", port):
                pass


async def test_without_a_port_nothing_is_served() -> None:
    async with metrics.served(stats, "127.0.0.1", None) as port:
        assert port is None
