"""How long a browser works for a stamp: `python -m bench.stamps`.

The real page in Chromium, the embedded broker and the matcher, which asks for more or less effort in turn. One window
is as fast as this machine, the other is slowed down by DevTools, as slow as a phone. Measured is what somebody waits:
from Start until the page sends a `join` with its stamp. How many hashes that took is told by the stamp's counter, so
the rate is exact, while the time of one stamp is chance: half of them take less than 0.7 of the mean, one in twenty 3
times the mean.
"""

import argparse
import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Error, Page, async_playwright

from bench.figures import keep, load_average, machine, percentile, progress, say
from broker import stamps
from broker.messages import EFFORT_MAX, Join
from matcher.events import Event, Heard
from matcher.policing import Policing
from matcher.service import Service
from tests.journeys.browsers import FLAGS, HOW, chromiums
from tests.journeys.ears import opened
from tests.journeys.house import House

_EFFORTS: Final = (8, 12, 16, 20, 22)
_SLOWDOWNS: Final = (1, 6)
_WITHIN_S: Final = 110.0
_PAUSE_S: Final = 0.25
"""Between two wishes, so that the gate does not find the page too talkative."""

_WATCH: Final = """
(() => {
  let sent = () => undefined;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (typeof data !== "string" && new TextDecoder().decode(data).includes('"stamp"')) sent(performance.now());
    return send.call(this, data);
  };
  const find = (text) => [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === text);
  const until = (look) => new Promise((resolve) => {
    const poll = () => { const found = look(); if (found) resolve(found); else requestAnimationFrame(poll); };
    poll();
  });
  window.bench = {
    async enter() {
      const comeIn = await until(() => find("Come in"));
      for (const box of document.querySelectorAll("input[type=checkbox]")) box.click();
      comeIn.click();
    },
    async work() {
      const button = await until(() => { const start = find("Start"); return start && !start.disabled && start; });
      let going = true, frame = 0, last = performance.now();
      const look = (now) => {
        frame = Math.max(frame, now - last);
        last = now;
        if (going) requestAnimationFrame(look);
      };
      requestAnimationFrame((now) => { last = now; requestAnimationFrame(look); });
      const begun = performance.now();
      const done = new Promise((resolve) => { sent = resolve; });
      button.click();
      const ms = await done - begun;
      going = false;
      sent = () => undefined;
      return { ms, frame };
    },
    async rest() {
      (await until(() => find("Cancel"))).click(); // what is over soon is not drawn
      await until(() => find("Start"));
    },
  };
})();
"""


class Asking(Service):
    """A service that asks for as much as it is told, and remembers the counter of the last stamp."""

    counter: int = 0

    def __init__(self, *given: Any) -> None:  # noqa: ANN401  handed on as it comes
        super().__init__(*given, policing=Policing(effort=1, dry_run=True))

    def ask(self, effort: int) -> None:
        """Ask for this from now on."""
        self.police(Policing(effort=effort, dry_run=True))

    def _step(self, event: Event) -> None:
        if isinstance(event, Heard) and isinstance(event.message, Join):
            shown = stamps.read(event.message.stamp)
            self.counter = shown.counter if shown else 0
        super()._step(event)


@dataclass(slots=True)
class Cell:
    """What was measured at one effort and one slowdown."""

    effort: int
    slowdown: int
    ms: list[float] = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)
    hashes: list[int] = field(default_factory=list)

    @property
    def per_ms(self) -> float:
        """Hashes per millisecond, all that Start costs besides counted in."""
        return sum(self.hashes) / sum(self.ms)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep. Gives an exit code."""
    options = _options(arguments)
    chromium = next(chromiums(), None)
    if chromium is None:
        say(HOW)
        return 1
    cells = [Cell(effort, slowdown) for effort in options.effort for slowdown in options.slowdown]
    report: dict[str, Any] = {"measurement": "stamps", **machine()}
    report["chromium"] = asyncio.run(_measure(cells, chromium, options.n, options.minutes * 60))
    for line in _table(cells):
        say(line)
    if options.out is not None:
        report |= {"loadAverageAfter": load_average(), "cells": [_kept(cell) for cell in cells]}
        keep(report, options.out.with_suffix(".json"))
        say(f"kept in {options.out.with_suffix('.json')}")
    return 0 if all(cell.ms for cell in cells) else 1


async def _measure(cells: list[Cell], chromium: str, n: int, seconds: float) -> str:
    deadline = time.monotonic() + seconds
    async with (
        async_playwright() as playwright,
        House.open(service=Asking) as house,
        contextlib.AsyncExitStack() as windows,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        windows.push_async_callback(browser.close)
        pages = {slowdown: await _window(browser, house, slowdown) for slowdown in {cell.slowdown for cell in cells}}
        for turn in range(n):
            for cell in cells:
                if time.monotonic() > deadline:
                    say("stopped before the end: the time is up")
                    return browser.version
                progress(f"turn {turn + 1} of {n}: {cell.effort} bits, slowed down {cell.slowdown} times")
                try:
                    await _work(house, pages[cell.slowdown], cell)
                except (TimeoutError, Error) as error:
                    say(f"no stamp ({cell.effort} bits, {cell.slowdown} times slower): {type(error).__name__}")
                    return browser.version
        return browser.version


async def _window(browser: Browser, house: House, slowdown: int) -> Page:
    """Open the page, and let it work once: on what came with its welcome, before anybody was asked for more."""
    page = await (await browser.new_context()).new_page()
    await page.add_init_script(_WATCH)
    await opened(page, house.url)
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    await page.evaluate("bench.enter()")
    await _work(house, page, Cell(1, slowdown))
    return page


async def _work(house: House, page: Page, cell: Cell) -> None:
    service = house.service
    assert isinstance(service, Asking)
    service.ask(cell.effort)
    async with asyncio.timeout(_WITHIN_S):
        done = await page.evaluate("bench.work()")
        await _waiting(service, 1)
        await page.evaluate("bench.rest()")
        await _waiting(service, 0)
    cell.ms.append(round(done["ms"], 1))
    cell.frame_ms.append(round(done["frame"], 1))
    cell.hashes.append(service.counter + 1)
    await asyncio.sleep(_PAUSE_S)


async def _waiting(service: Service, how_many: int) -> None:
    while True:
        lobby = service.stats().lobby
        if lobby is not None and lobby.waiting == how_many:
            return
        await asyncio.sleep(0.005)


def _table(cells: list[Cell]) -> list[str]:
    lines = [
        "",
        "| bits | slowed down | n | p50, ms | p95 | max | hashes per ms | mean by rate, ms | longest frame, p50 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for cell in cells:
        if cell.ms:
            shown = (
                *(percentile(cell.ms, share) for share in (0.5, 0.95, 1.0)),
                cell.per_ms,
                2**cell.effort / cell.per_ms,
            )
            figures = " | ".join(f"{each:.0f}" for each in (*shown, percentile(cell.frame_ms, 0.5)))
            lines.append(f"| {cell.effort} | {cell.slowdown} | {len(cell.ms)} | {figures} |")
    return [*lines, "", f"load average {load_average()}"]


def _kept(cell: Cell) -> dict[str, Any]:
    return {
        "effort": cell.effort,
        "slowdown": cell.slowdown,
        "n": len(cell.ms),
        "ms": cell.ms,
        "frameMs": cell.frame_ms,
        "hashes": cell.hashes,
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.stamps",
        description="Measure how long a browser works for a stamp, by effort: the real page in Chromium, as fast as "
        "this machine and as slow as a phone. From Start until the join leaves the page with its stamp.",
        epilog="Half of all stamps take less than 0.7 of the mean, one in twenty more than 3 times the mean. Example: "
        "python -m bench.stamps --n 10 --effort 16 20 --slowdown 6",
    )
    parser.add_argument("--n", type=int, default=20, help="stamps under each condition (default: 20)")
    parser.add_argument("--effort", nargs="+", type=int, default=_EFFORTS, metavar="BITS", help="(default: 8 to 22)")
    parser.add_argument(
        "--slowdown", nargs="+", type=int, default=_SLOWDOWNS, metavar="TIMES", help="(default: 1 and 6)"
    )
    parser.add_argument("--minutes", type=float, default=20, help="stop after this long (default: 20)")
    parser.add_argument("--out", type=Path, metavar="PATH", help="keep PATH.json with all samples")
    options = parser.parse_args(arguments)
    if not 1 <= options.n <= 1_000 or any(not 1 <= effort <= EFFORT_MAX for effort in options.effort):
        parser.error(f"--n is 1 to 1000, --effort 1 to {EFFORT_MAX}")
    if any(not 1 <= slowdown <= 20 for slowdown in options.slowdown):
        parser.error("--slowdown is 1 to 20")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
