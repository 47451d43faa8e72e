"""What every measurement has in common: on what machine it was, percentiles, and the file that it is kept in."""

import importlib.metadata
import json
import math
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PLOTLESS: Final = "no plot: matplotlib is not here (`make bench` sets it up)"


def percentile(samples: Sequence[float], share: float) -> float:
    """Give the smallest sample that at least `share` of them do not exceed (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def machine() -> dict[str, object]:
    """Describe where and with what is measured; the load average tells how quiet it was."""
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "system": f"{platform.system()} {platform.release().split('-')[0]} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in ("aiohttp", "amqtt", "gmqtt", "uvloop")},
        "loadAverage": load_average(),
    }


def load_average() -> list[float]:
    """Give the load average of the last 1, 5 and 15 minutes; nothing where there is none."""
    return [round(each, 2) for each in os.getloadavg()] if hasattr(os, "getloadavg") else []


def keep(report: object, path: Path) -> None:
    """Write a report as JSON, one line for each of its parts, so that the file stays small."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, separators=(",", ":")).replace(',"', ',\n"') + "\n")


def say(line: str = "") -> None:
    """Print a line of the result."""
    progress("")
    print(line, flush=True)


def progress(line: str) -> None:
    """Show how far it is, on one line of the terminal, which the next one overwrites; nothing where there is none."""
    if sys.stderr.isatty():
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
