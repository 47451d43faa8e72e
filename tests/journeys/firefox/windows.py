"""Firefox as journeys use it: contexts like those of Playwright, and windows like those of any browser."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from tests.journeys.firefox.bridge import ROOT, Bridge, Failed
from tests.journeys.windows import WITHIN_S, Name, Role, Window

EVERY_S = 0.05
SIZE = (1280, 720)
"""What Playwright gives a page of Chromium."""


class Firefox:
    """A browser. Each context is a person of its own: no storage, no cookies, no windows in common."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def new_context(self) -> "FirefoxContext":
        return FirefoxContext(self._bridge, await self._bridge.ask("context"))


class FirefoxContext:
    """One person's browser."""

    def __init__(self, bridge: Bridge, number: int) -> None:
        self._bridge = bridge
        self._number = number

    async def add_init_script(self, script: str) -> None:
        """Have a script run in every page that is opened from now on, before the page's own."""
        await self._bridge.ask("script", context=self._number, script=script)

    async def new_page(self) -> "FirefoxWindow":
        width, height = SIZE
        number = await self._bridge.ask("open", context=self._number, width=width, height=height)
        return FirefoxWindow(self._bridge, number)

    async def close(self) -> None:
        await self._bridge.ask("leave", context=self._number)


class FirefoxWindow(Window):
    """One window of Firefox."""

    def __init__(self, bridge: Bridge, number: int) -> None:
        self._bridge = bridge
        self._number = number
        self._errors: list[str] = []
        bridge.hear(number, self._errors.append)

    @property
    def errors(self) -> list[str]:
        return self._errors

    async def goto(self, url: str) -> None:
        await self._ask("goto", url=url)

    async def reload(self) -> None:
        await self._ask("reload")

    async def resize(self, width: int, height: int) -> None:
        await self._ask("size", width=width, height=height)

    async def close(self) -> None:
        await self._ask("close")

    async def click(self, role: Role, name: Name, *, exact: bool = False) -> None:
        await self._do("click", what(role, name, exact=exact))

    async def check(self, name: Name) -> None:
        await self._do("check", what("checkbox", name))

    async def fill(self, name: Name, text: str) -> None:
        await self._do("fill", what("textbox", name), text=text)

    async def type(self, text: str) -> None:
        await self._ask("type", text=text)

    async def key(self, key: str, *, box: Name | None = None) -> None:
        if box is not None:
            await self._do("focus", what("textbox", box))
        await self._ask("key", key=key)

    async def choose(self, button: Name, files: Sequence[Path]) -> None:
        await self._do("choose", what("button", button), paths=[str(ROOT / path) for path in files])

    async def shows(self, role: Role, name: Name, *, within_s: float = WITHIN_S) -> str:
        return str(await self._see(what(role, name), within_s))

    async def hides(self, role: Role, name: Name, *, within_s: float = WITHIN_S) -> None:
        await self._miss(what(role, name), within_s)

    async def reads(self, text: str, *, inside: Role | None = None, within_s: float = WITHIN_S) -> None:
        await self._see(what("text", text, inside=inside), within_s)

    async def misses(self, text: str, *, inside: Role | None = None, within_s: float = WITHIN_S) -> None:
        await self._miss(what("text", text, inside=inside), within_s)

    async def text(self) -> str:
        return str(await self.evaluate("document.body.innerText"))

    async def evaluate(self, expression: str) -> Any:
        return await self._ask("evaluate", expression=expression)

    async def screenshot(self, path: Path) -> None:
        await self._ask("shoot", path=str(ROOT / path))

    async def _ask(self, do: str, **given: object) -> Any:
        return await self._bridge.ask(do, window=self._number, **given)

    async def _do(self, do: str, found: dict[str, str], **given: object) -> None:
        """Do it as soon as there is something to do it to."""
        await self._until(lambda: self._ask(do, what=found, **given), WITHIN_S, f"to {do} {found}")

    async def _see(self, found: dict[str, str], within_s: float) -> Any:
        return await self._until(lambda: self._ask("read", what=found), within_s, f"to see {found}", none=None)

    async def _miss(self, found: dict[str, str], within_s: float) -> None:
        async def gone() -> bool:
            return await self._ask("read", what=found) is None

        await self._until(gone, within_s, f"to see no more {found}")

    async def _until(
        self, attempt: Callable[[], Awaitable[Any]], within_s: float, hope: str, *, none: Literal[False] | None = False
    ) -> Any:
        """Try until it gives something else than what stands for nothing; what failed, too: a page may be changing."""
        why = ""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while True:
                    try:
                        if (came := await attempt()) is not none:
                            return came
                    except Failed as failed:
                        why = f" ({failed})"
                    await asyncio.sleep(EVERY_S)
        raise AssertionError(f"waited {within_s:g} s {hope}{why}; the window shows:\n{await self.text()}")


def what(
    role: Role | Literal["text"], name: Name, *, exact: bool = False, inside: Role | None = None
) -> dict[str, str]:
    """Say what is looked for, as `find.mjs` understands it."""
    if isinstance(name, re.Pattern):
        pattern, flags = name.pattern, "i" if name.flags & re.IGNORECASE else ""
    else:
        quoted = re.escape(" ".join(name.split()))
        pattern, flags = (f"^{quoted}$", "") if exact else (quoted, "i")
    return {"role": role, "pattern": pattern, "flags": flags, **({"inside": inside} if inside else {})}
