"""Keeps the outcome of a crowd in files."""

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from passerby.crowd.drawing import draw
from passerby.crowd.outcome import Outcome
from passerby.trouble import Trouble


def keep(outcome: Outcome, figures: Path | None, plot: Path | None) -> list[str]:
    """Write what was asked for. Gives the lines to say.

    Raises:
        Trouble: when a file cannot be written.
    """
    lines = []
    try:
        if figures is not None:
            # A line for each part, so that the file stays small and can still be read.
            text = json.dumps({**_machine(), **outcome.report()}, separators=(",", ":")).replace(',"', ',\n"')
            figures.write_text(text + "\n")
            lines.append(f"Kept in {figures}.")
        if plot is not None:
            lines.append(draw(outcome, plot))
    except OSError as error:
        raise Trouble(f"the outcome could not be kept: {error}") from None
    return lines


def _machine() -> dict[str, Any]:
    load = [round(each, 2) for each in os.getloadavg()] if hasattr(os, "getloadavg") else []
    return {
        "measurement": "crowd",
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "loadAverage": load,
    }
