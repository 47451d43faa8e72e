"""How many strangers a broker introduces at once: `python -m bench.load`.

Starts broker and matcher as processes of their own, lets a crowd of peers come in over real WebSockets (`bench.crowd`
tells how they behave), and keeps the time from each join to its match, judged from the peers' own records:

    answer    from the later of the two joins until `matched` is read: what broker and matcher need
    wait      from one's own join until `matched` is read: with the time until somebody else came
"""

import argparse
import asyncio
import contextlib
import ipaddress
import os
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvloop

from bench import plots
from bench.brokers import EMBEDDED, ENGINES, running
from bench.crowd import PATIENCE_S, Crowd, Habits
from bench.figures import keep, load_average, machine, percentile, progress, say
from bench.processes import Process, matcher

ARRIVALS_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class Target:
    """A broker, and the processes whose CPU time is told."""

    host: str
    port: int
    processes: dict[str, Process]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep. Gives an exit code: 1 when something went wrong that must not."""
    options = _options(arguments)
    return uvloop.run(_measure(options))


async def _measure(options: argparse.Namespace) -> int:
    before = machine()
    habits = Habits(matches_per_s=options.matches, patient=options.patient)
    async with _target(options) as target:
        crowd = Crowd(target.host, target.port, habits, random.Random(options.seed))
        for total, kind in ((options.waiting, "waiters"), (options.talkers, "talkers")):
            for done in range(0, total, ARRIVALS_AT_ONCE):
                progress(f"{done} of {total} {kind} are here")
                coming = (crowd.arrive() for _ in range(min(ARRIVALS_AT_ONCE, total - done)))
                peers = await asyncio.gather(*coming)
                for peer in peers:
                    if kind == "waiters":
                        crowd.wait(peer)
                    else:
                        crowd.idle.append(peer)
        await asyncio.sleep(PATIENCE_S + 1)  # by now every waiter waits
        say(f"{options.waiting} wait, {options.talkers} come and go, for {options.seconds:.0f} s")
        memory = {"waiting": _memory_kib(target)}
        begun, used = time.perf_counter(), _cpu_s(target)
        watching = asyncio.create_task(_watch(crowd, begun, options.seconds))
        await crowd.come_and_go(options.seconds)
        lasted, cpu = time.perf_counter() - begun, {name: now - used[name] for name, now in _cpu_s(target).items()}
        memory["after"] = _memory_kib(target)
        await crowd.settle()
        watching.cancel()
        errors = crowd.judge()
        crowd.part()
        await asyncio.sleep(0.5)
    report = {**_report(crowd, begun, lasted, cpu, errors), "memoryKib": memory}
    _print(report)
    if options.out is not None:
        asked = ("engine", "waiting", "talkers", "seconds", "patient")
        settings = {name: getattr(options, name) for name in asked}
        head = {"measurement": "load", **before, "loadAverageAfter": load_average()}
        keep(
            {**head, "settings": {**settings, "seed": options.seed, **asdict(habits)}, **report},
            _with(options, ".json"),
        )
        say(f"kept in {_with(options, '.json')}")
        answers = [(at, answer) for at, answer, _ in report["samples"]]
        say(plots.load(answers, report["matchesPerSecond"], _with(options, ".svg")))
    return 1 if errors or not report["matches"] else 0


async def _watch(crowd: Crowd, begun: float, seconds: float) -> None:
    while True:
        await asyncio.sleep(1)
        errors = sum(crowd.record.errors.values())
        past = time.perf_counter() - begun
        progress(f"{past:.0f} of {seconds:.0f} s: {len(crowd.record.sessions)} matches, {errors} errors")


# ── the target ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.asynccontextmanager
async def _target(options: argparse.Namespace) -> AsyncIterator[Target]:
    if options.target is not None:
        parts = urlsplit(options.target)
        yield Target(str(parts.hostname), parts.port or 80, {})
        return
    with running(options.engine) as broker:
        async with matcher(broker.keys_file, broker.service_port, patient=options.patient) as service:
            processes = {"broker": broker, "matcher": service, "bench": Process(os.getpid())}
            yield Target("127.0.0.1", broker.port, processes)


def _memory_kib(target: Target) -> dict[str, int]:
    """Give the memory that each process holds, in KiB; nothing where there is no /proc."""
    found: dict[str, int] = {}
    for name, process in target.processes.items():
        with contextlib.suppress(OSError):
            found[name] = process.memory_kib()
    return found


def _cpu_s(target: Target) -> dict[str, float]:
    """Give the CPU time that each process has used so far; nothing where there is no /proc."""
    used: dict[str, float] = {}
    for name, process in target.processes.items():
        with contextlib.suppress(OSError):
            used[name] = process.cpu_s()
    return used


# ── the result ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _report(crowd: Crowd, begun: float, lasted: float, cpu: dict[str, float], errors: dict[str, int]) -> dict[str, Any]:
    samples: list[tuple[float, float, float]] = []
    rates = [0] * (int(lasted) + 1)
    for session, halves in crowd.record.sessions.items():
        if session in crowd.record.widened:
            continue
        later = max(half.joined for half in halves)
        second = int(min(half.matched for half in halves) - begun)
        if 0 <= second < len(rates):
            rates[second] += 1
        samples += [
            (
                round(half.matched - begun, 2),
                round((half.matched - later) * 1000, 1),
                round((half.matched - half.joined) * 1000, 1),
            )
            for half in halves
        ]
    answers, waits = [answer for _, answer, _ in samples], [wait for _, _, wait in samples]
    return {
        "seconds": round(lasted, 1),
        "matches": len(crowd.record.sessions),
        "joins": crowd.record.joins,
        "waiterJoins": crowd.record.waiter_joins,
        "heldBack": crowd.record.held_back,
        "waitersWidened": len(crowd.record.widened),
        "errors": dict(errors),
        "answerMs": _percentiles(answers),
        "waitMs": _percentiles(waits),
        "cpuShare": {name: round(seconds / lasted, 2) for name, seconds in cpu.items()},
        "matchesPerSecond": rates[: int(lasted)],
        "samples": sorted(samples),
    }


def _percentiles(samples: list[float]) -> dict[str, float]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: percentile(samples, share) for name, share in shares.items()} if samples else {}


def _print(report: dict[str, Any]) -> None:
    say(f"{report['matches']} matches in {report['seconds']} s: {report['matches'] / report['seconds']:.1f} a second")
    for what, name in (("answer (later join to matched)", "answerMs"), ("wait (own join to matched)", "waitMs")):
        say(f"{what}: " + ", ".join(f"{share} {value:.0f} ms" for share, value in report[name].items()))
    say(
        "CPU, as a share of one core: " + ", ".join(f"{name} {share:.2f}" for name, share in report["cpuShare"].items())
    )
    for when, kib in report["memoryKib"].items():
        say(f"memory, MiB, {when}: " + ", ".join(f"{name} {size / 1024:.0f}" for name, size in kib.items()))
    held, widened = report["heldBack"], report["waitersWidened"]
    say(f"joins held back, nobody was free: {held}; waiters widened because they gave up late: {widened}")
    say(f"load average {load_average()}")
    say("errors: " + (", ".join(f"{count} times {what}" for what, count in report["errors"].items()) or "none"))


def _with(options: argparse.Namespace, suffix: str) -> Path:
    path: Path = options.out
    return path.with_suffix(suffix)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.load",
        description="Let a crowd of peers meet at a broker, over real WebSockets but without browsers, and measure how "
        "long each waits for a match. Broker and matcher are started as processes of their own.",
        epilog="Waiters wait for a topic that nobody shares, three seconds each, then ask for another one: they are "
        "never matched. Talkers come at random, meet, signal, talk or skip, and come again. Exit code 1: something "
        "went wrong.",
    )
    parser.add_argument("--engine", choices=ENGINES, default=EMBEDDED, help=f"which broker (default: {EMBEDDED})")
    parser.add_argument(
        "--patient",
        action="store_true",
        help="waiters wait all the time for their first topic, and only ping, as the page does; widening is off",
    )
    parser.add_argument("--waiting", type=int, default=500, help="peers who wait all the time (default: 500)")
    parser.add_argument("--talkers", type=int, default=160, help="peers who come and go (default: 160)")
    parser.add_argument("--matches", type=float, default=20, help="matches a second to aim at (default: 20)")
    parser.add_argument("--seconds", type=float, default=60, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="of the people's dice (default: 1)")
    parser.add_argument("--target", metavar="URL", help="a running `passerby up` on loopback, as http://127.0.0.1:8080")
    parser.add_argument("--quick", action="store_true", help="20 wait, 20 come and go, for 3 s: does it work at all?")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json with all samples, and PATH.svg")
    options = parser.parse_args(arguments)
    if options.quick:
        options.waiting, options.talkers, options.matches, options.seconds = 20, 20, 5.0, 3.0
    if options.target is not None and not _on_loopback(options.target):
        parser.error("--target is not an address of loopback: this is no weapon (use http://127.0.0.1:PORT)")
    if not (0 <= options.waiting <= 20_000 and 2 <= options.talkers <= 20_000 and 0 < options.seconds <= 3_600):
        parser.error("at most 20000 waiters, 2 to 20000 talkers, and an hour")
    if not 0 < options.matches <= 1_000:
        parser.error("--matches is above 0 and at most 1000")
    return options


def _on_loopback(url: str) -> bool:
    """Tell whether this names an address of loopback; a name does not count, it may lead anywhere."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "http"
            and parts.port is not None
            and ipaddress.IPv4Address(parts.hostname or "").is_loopback
        )
    except ValueError:
        return False


if __name__ == "__main__":
    raise SystemExit(main())
