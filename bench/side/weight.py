"""What a meeting weighs: the JavaScript that a page loads until its first match, and what both sides send for one.

Scripts are counted as gzip packs them. Of Passerby those that the real page has fetched when the channel opens; of the
others their library alone, minified by esbuild, with no page around it. What is sent is counted in the pages, from
Start until the channel is open, of warm meetings.
"""

import asyncio
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.async_api import Error

from bench.figures import progress, say
from bench.side.meetings import QUIET_S, Meeting, Meetings, Sent, waits_s
from bench.side.section import Bar, Options, Section, Table, ratio
from bench.side.servers import bundled
from bench.side.systems import OTHERS, OURS, PEERJS, QUEUE, SOCKET_IO, TRYSTERO, running_systems
from bench.windows import Windows
from passerby.page import find_page
from passerby.settings import Settings
from tests.journeys.browsers import HOW, chromiums

SYSTEMS: Final = (OURS, *OTHERS)
ADDED_MS: Final = 50

_N: Final = 9
_QUICK_N: Final = 3
_KB: Final = 1024
_FEWER: Final = 0.99  # than as many
_LIBRARIES: Final[Mapping[str, str]] = {
    TRYSTERO: '{ joinRoom } from "@trystero-p2p/mqtt"',
    PEERJS: '{ Peer } from "peerjs"',
    QUEUE: '{ Peer } from "peerjs"',
    SOCKET_IO: '{ io } from "socket.io-client"',
}

_NOTES: Final = (
    (
        f"Warm meetings with {ADDED_MS} ms added; medians of both sides together, from each one's Start until both "
        "channels are open. Frames are those of WebSockets, bytes their payload; what a request weighs is not counted."
    ),
    f"Afterwards: what both send in the {QUIET_S:g} s after the opening. It is in no bar.",
    (
        "JavaScript: all that Passerby's page has fetched when the channel opens, the page itself included; of the "
        "others the library alone, which is no page yet."
    ),
    (
        "Trystero says again who is there while somebody waits, so that its frames depend on how long; here it is "
        f"{waits_s(ADDED_MS):g} s."
    ),
    "With ids known PeerJS sends nothing for finding a stranger.",
)


@dataclass(frozen=True, slots=True)
class Weight:
    """What was measured of one system: bytes of scripts, and what each meeting sent until the opening, and after."""

    system: str
    script_bytes: int
    sent: tuple[Sent, ...]
    after: tuple[Sent, ...]


async def measure(options: Options, names: Sequence[str] = SYSTEMS) -> Section:
    """Weigh them, and judge."""
    chromium = next(chromiums(), None)
    if chromium is None:
        raise SystemExit(f"bench: {HOW}")
    async with running_systems(names) as systems, Windows.opening(chromium) as windows:
        met: dict[str, list[Meeting]] = {name: [] for name in names}
        meetings, n = Meetings(windows), _QUICK_N if options.quick else _N
        for turn in range(n):
            for system in systems:
                progress(f"turn {turn + 1} of {n}: {system.name}")
                try:
                    met[system.name].append(await meetings.meet(system, "warm", ADDED_MS, quiet_s=QUIET_S))
                except (TimeoutError, Error) as error:
                    say(f"a meeting failed ({system.name}): {type(error).__name__}")
    weights = [await _weight(name, met[name]) for name in names]
    return Section(
        name="Weight",
        tables=(table(weights),),
        bars=tuple(bars(weights)),
        samples={"addedMs": ADDED_MS, "systems": [_kept(weight) for weight in weights]},
        notes=_NOTES,
    )


async def _weight(name: str, met: Sequence[Meeting]) -> Weight:
    if name in _LIBRARIES:
        size = len(gzip.compress(await bundled(_LIBRARIES[name])))
    else:
        scripts = {path for meeting in met for path in meeting.scripts}
        size = await asyncio.to_thread(_built, sorted(scripts))
    return Weight(name, size, tuple(each.sent for each in met), tuple(each.after for each in met))


def _built(scripts: Sequence[str]) -> int:
    """Give the bytes of these files of the page."""
    page = find_page(Settings().page)
    assert page is not None
    return sum(len(gzip.compress(Path(page, path.lstrip("/")).read_bytes())) for path in scripts)


def table(weights: Sequence[Weight]) -> Table:
    """Lay out the figures, a row for each system."""
    head = ("", "JavaScript, KB gzip", "requests", "frames", "bytes", "frames afterwards", "bytes afterwards", "n")
    rows = []
    for weight in weights:
        shown = (
            ("requests", weight.sent),
            ("frames", weight.sent),
            ("bytes", weight.sent),
            ("frames", weight.after),
            ("bytes", weight.after),
        )
        middles = (_middle(sent, what) for what, sent in shown)
        figures = ("none" if middle is None else f"{middle:g}" for middle in middles)
        rows.append((weight.system, f"{weight.script_bytes / _KB:.1f}", *figures, str(len(weight.sent))))
    return Table("Until the first match, both sides together", head, tuple(rows))


def bars(weights: Sequence[Weight]) -> Iterator[Bar]:
    """Give the bars: fewer frames and fewer bytes than every other."""
    ours = next((weight for weight in weights if weight.system == OURS), None)
    for what in ("frames", "bytes"):
        theirs = [
            value for weight in weights if weight is not ours and (value := _middle(weight.sent, what)) is not None
        ]
        measured = ratio(_middle(ours.sent, what) if ours else None, min(theirs, default=None))
        yield Bar(f"{what} / the fewest of the others", measured, at_most=_FEWER)


def _middle(sent: Sequence[Sent], what: str) -> float | None:
    return median(getattr(each, what) for each in sent) if sent else None


def _kept(weight: Weight) -> dict[str, Any]:
    def flat(sent: Sequence[Sent]) -> list[list[int]]:
        return [[each.frames, each.bytes, each.requests] for each in sent]

    return {
        "system": weight.system,
        "scriptBytes": weight.script_bytes,
        "framesBytesRequests": flat(weight.sent),
        "afterwards": flat(weight.after),
    }
