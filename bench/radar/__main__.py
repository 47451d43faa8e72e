"""The command: plays the scenarios, prints tables, keeps figures and plots, and ends with a verdict on every bar."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import plots
from bench.figures import keep, load_average, machine, progress, say
from bench.radar.runs import Order, Run, play_all
from bench.radar.scenarios import SCENARIOS
from bench.radar.summary import Summary, summarise
from bench.radar.tables import tables, verdict_lines
from bench.radar.verdicts import judge


def main(arguments: Sequence[str] | None = None) -> int:
    """Play, print and keep. Gives an exit code: 1 when a bar was missed."""
    options = _options(arguments)
    report: dict[str, Any] = {"measurement": "radar", **machine()}
    begun, summaries, costs = time.monotonic(), dict[str, Summary](), dict[str, list[float]]()
    for name in options.scenario:
        runs = _play(name, options)
        summaries[name] = summarise(runs)
        costs[name] = [round(run.cpu_s, 1) for run in sorted(runs, key=lambda run: run.order.seed)]
        for line in tables(name, summaries[name]):
            say(line)
        say(f"CPU per seed: {', '.join(f'{each:.0f}' for each in costs[name])} s")
    verdicts = judge(summaries)
    for line in verdict_lines(verdicts):
        say(line)
    if options.out is not None:
        report |= {"loadAverageAfter": load_average(), "tookS": round(time.monotonic() - begun, 1), "cpuS": costs}
        report |= {"scenarios": summaries, "verdicts": [asdict(verdict) for verdict in verdicts]}
        keep(report, options.out.with_suffix(".json"))
        say(f"kept in {options.out.with_suffix('.json')}")
        for line in plots.radar(summaries, options.out):
            say(line)
    return 1 if any(verdict.passed is False for verdict in verdicts) else 0


def _play(name: str, options: argparse.Namespace) -> list[Run]:
    usual = SCENARIOS[name]
    people, minutes = options.people or usual.people, options.minutes or usual.minutes
    orders = [Order(name, seed, people, minutes * 60) for seed in range(1, (options.seeds or usual.seeds) + 1)]
    runs: list[Run] = []
    _tell(name, 0, len(orders))
    for run in play_all(orders, min(options.jobs, len(orders))):
        runs.append(run)
        _tell(name, len(runs), len(orders))
    return runs


def _tell(name: str, done: int, of: int) -> None:
    line = f"{name}: {done} of {of} runs"
    if sys.stderr.isatty():
        progress(line)
    else:
        print(line, file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    usual = ", ".join(
        f"{name}: {each.seeds} seeds, {each.people} people, {each.minutes:g} minutes"
        for name, each in SCENARIOS.items()
    )
    parser = argparse.ArgumentParser(
        prog="python -m bench.radar",
        description="Judge the radar by a simulated town: the real lobby and the real gate in simulated time, and "
        "people and bots around them, of whom neither is told which they are. Prints for each kind of bot how many are "
        "limited and when, what that costs people, and a verdict on every bar. The same seeds give the same figures.",
        epilog=f"Usual sizes: {usual}. Example: python -m bench.radar --scenario town --seeds 2 --people 1000",
    )
    parser.add_argument(
        "--scenario", nargs="+", choices=SCENARIOS, default=list(SCENARIOS), metavar="NAME", help="(default: all)"
    )
    parser.add_argument("--seeds", type=int, help="runs of each scenario, with the seeds 1, 2, …")
    parser.add_argument("--people", type=int, help="who come in all (town), or are here at once; bots are as many more")
    parser.add_argument("--minutes", type=float, help="of simulated time in each run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs at the same time (default: cores)")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json, and draw PATH-….svg")
    options = parser.parse_args(arguments)
    given = [each for each in (options.seeds, options.people, options.minutes, options.jobs) if each is not None]
    if any(each <= 0 for each in given):
        parser.error("--seeds, --people, --minutes and --jobs are above 0")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
