"""What Lighthouse says of the page: `make lighthouse`, or `python -m bench.page`.

The built page on the embedded server, as `passerby up` serves it, over plain HTTP on localhost, which browsers take
for secure. Lighthouse loads it several times in the Chromium that is here, each time in a fresh profile, as a phone of
middle price on a slow network (its own phone profile: the slowness is computed). The median has to reach the bars.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.figures import keep, load_average, machine, progress, say
from tests.journeys.browsers import FLAGS, HOW, chromiums
from tests.journeys.house import House

BARS: Final[Mapping[str, int]] = {"performance": 95, "accessibility": 100, "best-practices": 100}
METRICS: Final[Mapping[str, str]] = {
    "first-contentful-paint": "ms",
    "largest-contentful-paint": "ms",
    "speed-index": "ms",
    "total-blocking-time": "ms",
    "cumulative-layout-shift": "",
    "total-byte-weight": "bytes",
}
NOT_THERE: Final = "Lighthouse is not here: `make lighthouse` puts it into bench/page"

_HERE: Final = Path(__file__).parent
_NODE: Final = _HERE.parents[1] / "tools" / "node"
_LIGHTHOUSE: Final = _HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
_WITHIN_S: Final = 180.0
_WEIGHTLESS: Final = ("informative", "notApplicable", "manual")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep. Gives an exit code: 1 when a bar is not reached."""
    options = _options(arguments)
    chromium = next(chromiums(), None)
    if chromium is None or not _LIGHTHOUSE.is_file():
        say(HOW if chromium is None else NOT_THERE)
        return 2
    runs = asyncio.run(_measure(options.n, chromium, options.url))
    if not runs:
        return 2
    scores = {name: [_score(run["categories"][name]) for run in runs] for name in BARS}
    for line in (*table(scores, runs), *complaints(runs)):
        say(line)
    if options.out is not None:
        path = options.out.with_suffix(".json")
        report = {"measurement": "page", **machine(), "lighthouse": runs[0]["lighthouseVersion"]}
        report |= {"browser": runs[0]["environment"]["hostUserAgent"], "scores": scores, "runs": list(map(_kept, runs))}
        keep(report, path)
        say(f"kept in {path}")
    return 0 if all(statistics.median(scores[name]) >= bar for name, bar in BARS.items()) else 1


async def _measure(n: int, chromium: str, url: str | None) -> list[dict[str, Any]]:
    if url is not None:
        return await _runs(n, chromium, url)
    async with House.open() as house:
        return await _runs(n, chromium, house.url)


async def _runs(n: int, chromium: str, url: str) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for turn in range(n):
        progress(f"turn {turn + 1} of {n}")
        run = await _run(chromium, url)
        if run is not None:
            runs.append(run)
    return runs


async def _run(chromium: str, url: str) -> dict[str, Any] | None:
    """Let Lighthouse load the page once; None when it could not, which is said."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        process = await asyncio.create_subprocess_exec(
            *(str(_NODE), "node", str(_LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={report}"),
            *(f"--only-categories={','.join(BARS)}", "--no-enable-error-reporting"),
            f"--chrome-flags={' '.join(['--headless=new', *FLAGS])}",
            env={**os.environ, "CHROME_PATH": chromium},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(_WITHIN_S):
                _, complaint = await process.communicate()
        except TimeoutError:
            process.kill()
            complaint = b"not done in time"
        run = await asyncio.to_thread(_read, report)
    if run is None:
        say(f"no report: {complaint.decode(errors='replace').strip()[-500:]}")
        return None
    if "runtimeError" in run:
        say(f"not measured: {run['runtimeError']['message']}")
        return None
    return run


def _read(report: Path) -> dict[str, Any] | None:
    read: dict[str, Any] | None = json.loads(report.read_text()) if report.is_file() else None
    return read


def _score(category: Mapping[str, Any]) -> int:
    return round(100 * (category["score"] or 0))


def table(scores: Mapping[str, list[int]], runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Tell the figures, and whether the median of each score reaches its bar."""
    lines = ["", f"| of {len(runs)} | min | median | max | bar | |", "|---|---|---|---|---|---|"]
    for name, bar in BARS.items():
        found = scores[name]
        median = statistics.median(found)
        verdict = "reached" if median >= bar else "missed"
        lines.append(f"| {name} | {min(found)} | {median:g} | {max(found)} | {bar} | {verdict} |")
    for name, unit in METRICS.items():
        values = [run["audits"][name]["numericValue"] for run in runs if "numericValue" in run["audits"].get(name, {})]
        if values:
            shown = (f"{each:.{0 if unit else 3}f}" for each in (min(values), statistics.median(values), max(values)))
            lines.append(f"| {name}{f', {unit}' if unit else ''} | {' | '.join(shown)} | | |")
    return [*lines, "", f"load average {load_average()}"]


def complaints(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Tell each audit that did not give full marks, in how many of the runs, and what it says."""
    found: Counter[str] = Counter()
    for run in runs:
        counted = {each["id"] for name in BARS for each in run["categories"][name]["auditRefs"] if each["weight"] > 0}
        for name, audit in run["audits"].items():
            if audit["scoreDisplayMode"] in _WEIGHTLESS or audit["score"] is None or audit["score"] >= 1:
                continue
            mark = "✗" if name in counted else "·"
            found[f"{mark} {name}: {audit['title']}{_details(audit)}"] += 1
    return ["", *(f"{line} ({count} of {len(runs)})" for line, count in sorted(found.items()))]


def _details(audit: Mapping[str, Any]) -> str:
    items = audit.get("details", {}).get("items", [])
    places = [
        item["node"]["snippet"] if "node" in item else item.get("url") for item in items if isinstance(item, dict)
    ]
    return "".join(f"\n    {place}" for place in places[:5] if place)


def _kept(run: Mapping[str, Any]) -> dict[str, Any]:
    audits = run["audits"]
    return {
        "scores": {name: _score(run["categories"][name]) for name in BARS},
        "metrics": {name: audits[name]["numericValue"] for name in METRICS if "numericValue" in audits.get(name, {})},
        "below": sorted(name for name, audit in audits.items() if audit["score"] is not None and audit["score"] < 1),
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.page",
        description="Let Lighthouse judge the page on the embedded server, as a phone would see it.",
        epilog="Bars, for the median: " + ", ".join(f"{name} {bar}" for name, bar in BARS.items()),
    )
    parser.add_argument("--n", type=int, default=5, help="how often (default: 5)")
    parser.add_argument("--url", help="of another page than the one built here")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json")
    options = parser.parse_args(arguments)
    if not 1 <= options.n <= 100:
        parser.error("--n is 1 to 100")
    return options


if __name__ == "__main__":
    sys.exit(main())
