"""Metrics for Prometheus, and health, as their operator scrapes them.

    GET /metrics   all numbers of the service, read at that moment
    GET /healthz   200: this process works
    GET /readyz    200: it is connected to the broker and time goes on, or it stands by; else 503 and a word

Every series is there from the start, at zero, and none comes with a peer: labels are fixed lists, never anybody's data.
So ten people and a thousand make the same series, and a name that is on no list is left out.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Final, get_args

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from broker.messages import Mode, ReportReason
from matcher.conduct import Reason
from matcher.headcount import PerMode
from matcher.histogram import Histogram
from matcher.scores import Level
from matcher.stats import HELD_BACK, REFUSALS, LobbyStats, ServiceStats
from passerby.trouble import Trouble

STILL_S: Final = 5.0
"""After this long without a tick the service is not ready."""

MODES: Final = get_args(Mode)
LEVELS: Final = tuple(level.word for level in Level)
REASONS: Final = tuple(reason.word for reason in Reason)
VERDICTS: Final = tuple((level.word, reason) for level in (Level.KICK, Level.BAN) for reason in REASONS)
REPORTS: Final = get_args(ReportReason)
KEPT: Final = ("peers", "sessions", "address-keys", "stamps", "suspects")
LOBBY_EVENTS: Final = ("joined", "matched", "refused", "slowed", "full", "stale", "unknown", "version", "nonsense")
SERVICE_EVENTS: Final = ("disconnects", "malformed", "foreign", "dropped", "bugs")

_EMPTY: Final = LobbyStats(
    here=0,
    waiting=0,
    waiting_in=PerMode(),
    awake=0,
    talking=0,
    talking_in=PerMode(),
    sessions=0,
    remembered_peers=0,
    remembered_sessions=0,
    address_keys=0,
    used_stamps=0,
    counts={},
)

_log = structlog.get_logger()


class ServiceCollector(Collector):
    """Reads the service when it is scraped."""

    def __init__(self, stats: Callable[[], ServiceStats]) -> None:
        self._stats = stats

    def collect(self) -> Iterator[Metric]:
        """Give all numbers of this moment."""
        stats = self._stats()
        lobby = stats.lobby or _EMPTY
        yield _gauge("connected", "Whether the service is connected to the broker.", stats.connected)
        yield _gauge("standby", "Whether this service watches another one, to take over from it.", stats.standby)
        yield _gauge("epoch", "The epoch of the service; it grows with every restart.", stats.epoch or 0)
        yield from _people(lobby)
        yield from _times(lobby)
        yield from _conduct(lobby)
        yield from _memory(lobby)
        yield _counters("lobby_events", "What happened in the lobby.", "event", LOBBY_EVENTS, lobby.counts)
        yield _counters("service_events", "What happened to the service.", "event", SERVICE_EVENTS, stats.counts)


def _people(lobby: LobbyStats) -> Iterator[Metric]:
    yield _gauge("here", "Peers who are here.", lobby.here)
    yield _gauges("waiting", "Peers who wait for a stranger.", "mode", MODES, _by_mode(lobby.waiting_in))
    yield _gauges("talking", "Peers who talk.", "mode", MODES, _by_mode(lobby.talking_in))
    yield _gauge("awake", "Peers who wait and can be matched now.", lobby.awake)
    yield _gauge("sessions", "Living sessions.", lobby.sessions)


def _times(lobby: LobbyStats) -> Iterator[Metric]:
    yield _histogram("road_seconds", "Round trips to the broker, as told with each wish.", lobby.roads)
    yield _histogram("waited_seconds", "How long those who were matched had waited.", lobby.waited)
    yield _histogram("talked_seconds", "How long talks lasted that have ended.", lobby.talked)


def _conduct(lobby: LobbyStats) -> Iterator[Metric]:
    yield _gauges("level_peers", "Peers on each rung of the radar's ladder.", "level", LEVELS, lobby.levels)
    verdicts = CounterMetricFamily(
        "passerby_verdicts", "Verdicts of the radar, carried out or not.", labels=("level", "reason")
    )
    for verdict in VERDICTS:
        verdicts.add_metric(verdict, lobby.verdicts.get(verdict, 0))
    yield verdicts
    yield _counters("held_back", "Verdicts that were not carried out, and why.", "why", HELD_BACK, lobby.held_back)
    yield _gauge("bans", "Living bans.", lobby.bans)
    yield _counters("reports", "Reports by peers.", "reason", REPORTS, lobby.reports)
    yield _gauge("reports_waiting", "Reports that want a person's eyes.", lobby.waiting_reports)
    yield _counters("gate_refusals", "What gates refused.", "what", REFUSALS, lobby.gate)
    yield _gauge("apart", "Peers who are set apart, and look among their like only.", lobby.apart)
    yield _gauge("tense", "Whether so many are set apart that all who are new are looked at with care.", lobby.tense)
    yield _gauge("storm", "Whether many come back at once, so that connects count for nothing.", lobby.storm)
    yield _gauge("effort_bits", "Work that is asked of everybody before a wish, in bits.", lobby.effort)


def _memory(lobby: LobbyStats) -> Iterator[Metric]:
    peers, sessions = lobby.remembered_peers, lobby.remembered_sessions
    sizes = (peers, sessions, lobby.address_keys, lobby.used_stamps, lobby.suspects)
    kept = dict(zip(KEPT, sizes, strict=True))
    yield _gauges("remembered", "What the service keeps in memory.", "what", KEPT, kept)


def _by_mode(counts: PerMode) -> dict[str, int]:
    return {mode: getattr(counts, mode) for mode in MODES}


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"passerby_{name}", what, value=float(value))


def _gauges(name: str, what: str, label: str, values: Iterable[str], counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"passerby_{name}", what, labels=(label,))
    for value in values:
        family.add_metric((value,), counts.get(value, 0))
    return family


def _counters(name: str, what: str, label: str, values: Iterable[str], counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"passerby_{name}", what, labels=(label,))
    for value in values:
        family.add_metric((value,), counts.get(value, 0))
    return family


def _histogram(name: str, what: str, histogram: Histogram) -> Metric:
    buckets, seen = [], 0
    for bound, count in zip((*map(str, histogram.bounds), "+Inf"), histogram.counts, strict=True):
        seen += count
        buckets.append((bound, seen))
    return HistogramMetricFamily(f"passerby_{name}", what, buckets=buckets, sum_value=histogram.total)


def registry(stats: Callable[[], ServiceStats]) -> CollectorRegistry:
    """Make a registry of our own, with the service, this process and its garbage collection."""
    made = CollectorRegistry()
    made.register(ServiceCollector(stats))
    ProcessCollector(registry=made)
    GCCollector(registry=made)
    return made


def unready(stats: ServiceStats) -> str | None:
    """Tell why the service is not ready; None when it is."""
    if stats.standby and stats.watching:
        return None
    if not stats.connected:
        return "not connected to the broker"
    if stats.tick_s_ago is None or stats.tick_s_ago > STILL_S:
        return "time stands still"
    return None


@contextlib.asynccontextmanager
async def served(stats: Callable[[], ServiceStats], host: str, port: int | None) -> AsyncIterator[int | None]:
    """Serve metrics and health; gives the port. Without one nothing is served.

    Args:
        stats: of the service.
        host: an address of this machine; keep it on loopback.
        port: 0 takes any free one.

    Raises:
        Trouble: when the port cannot be had.
    """
    if port is None:
        yield None
        return
    runner = web.AppRunner(_app(stats), access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            reason = f"port {port} on {host} cannot be had for metrics: {error.strerror or error}"
            raise Trouble(f"{reason}. Choose another with metrics_port, or PASSERBY_METRICS_PORT") from None
        [address, *_] = runner.addresses
        _log.info("metrics are served", port=address[1])
        yield int(address[1])
    finally:
        await runner.cleanup()


def _app(stats: Callable[[], ServiceStats]) -> web.Application:
    numbers = registry(stats)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(numbers), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        now = stats()
        why = unready(now)
        return web.Response(text=f"{why or ('standby' if now.standby else 'ready')}\n", status=503 if why else 200)

    app = web.Application()
    app.add_routes([web.get("/metrics", metrics), web.get("/healthz", healthz), web.get("/readyz", readyz)])
    return app
