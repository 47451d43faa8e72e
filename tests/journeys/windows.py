"""A window of some browser, as people use it: by roles and names, and by what can be read.

A journey that is to run in any browser needs no more than this. `ChromiumWindow` is one of Playwright; that of Firefox
is in `firefox/`. Everything waits until it can be done or seen, for at most the seconds given.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from playwright.async_api import Locator, Page, expect

from tests.journeys.ears import Ear

Role = Literal["button", "checkbox", "dialog", "heading", "img", "link", "log", "radio", "slider", "status", "textbox"]
Name = str | re.Pattern[str]
"""A pattern that is searched for, or a part of the name in whatever case."""

WITHIN_S = 15.0


class Window(Protocol):
    """What people do and see in one window. Names are parts of names, save where `exact` is asked for."""

    @property
    def errors(self) -> list[str]:
        """What the page has complained of: its exceptions, its console, its policy."""
        ...

    async def goto(self, url: str) -> None: ...
    async def reload(self) -> None: ...
    async def resize(self, width: int, height: int) -> None: ...
    async def close(self) -> None: ...

    async def click(self, role: Role, name: Name, *, exact: bool = False) -> None: ...
    async def check(self, name: Name) -> None:
        """Check a checkbox that is not checked yet."""
        ...

    async def fill(self, name: Name, text: str) -> None:
        """Put a text into a text box, instead of what is in it."""
        ...

    async def type(self, text: str) -> None:
        """Type key by key, where the focus is."""
        ...

    async def key(self, key: str, *, box: Name | None = None) -> None:
        """Press one key, in this text box or where the focus is."""
        ...

    async def choose(self, button: Name, files: Sequence[Path]) -> None:
        """Press a button that opens a dialog for files, and choose these."""
        ...

    async def shows(self, role: Role, name: Name, *, within_s: float = WITHIN_S) -> str:
        """Wait for something visible, and give its text."""
        ...

    async def hides(self, role: Role, name: Name, *, within_s: float = WITHIN_S) -> None: ...
    async def reads(self, text: str, *, inside: Role | None = None, within_s: float = WITHIN_S) -> None:
        """Wait for a text to be visible."""
        ...

    async def misses(self, text: str, *, inside: Role | None = None, within_s: float = WITHIN_S) -> None:
        """Wait for a text to be visible no more."""
        ...

    async def text(self) -> str:
        """All that can be read."""
        ...

    async def evaluate(self, expression: str) -> Any:
        """Give the value of an expression of JavaScript, awaited, as JSON has it."""
        ...

    async def screenshot(self, path: Path) -> None: ...


class ChromiumWindow(Window):
    """A page of Playwright."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._ear = Ear(page)

    @property
    def errors(self) -> list[str]:
        return self._ear.complaints

    async def goto(self, url: str) -> None:
        await self._ear.undisturbed(lambda: self.page.goto(url))

    async def reload(self) -> None:
        await self._ear.undisturbed(self.page.reload)

    async def resize(self, width: int, height: int) -> None:
        await self.page.set_viewport_size({"width": width, "height": height})

    async def close(self) -> None:
        await self.page.close()

    async def click(self, role: Role, name: Name, *, exact: bool = False) -> None:
        await self.page.get_by_role(role, name=name, exact=exact).click()

    async def check(self, name: Name) -> None:
        await self.page.get_by_role("checkbox", name=name).check()

    async def fill(self, name: Name, text: str) -> None:
        await self.page.get_by_role("textbox", name=name).fill(text)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def key(self, key: str, *, box: Name | None = None) -> None:
        if box is None:
            await self.page.keyboard.press(key)
        else:
            await self.page.get_by_role("textbox", name=box).press(key)

    async def choose(self, button: Name, files: Sequence[Path]) -> None:
        async with self.page.expect_file_chooser() as opened:
            await self.click("button", button)
        await (await opened.value).set_files(list(files))

    async def shows(self, role: Role, name: Name, *, within_s: float = WITHIN_S) -> str:
        found = self.page.get_by_role(role, name=name)
        await expect(found).to_be_visible(timeout=within_s * 1_000)
        return await found.inner_text()

    async def hides(self, role: Role, name: Name, *, within_s: float = WITHIN_S) -> None:
        await expect(self.page.get_by_role(role, name=name)).to_be_hidden(timeout=within_s * 1_000)

    async def reads(self, text: str, *, inside: Role | None = None, within_s: float = WITHIN_S) -> None:
        await expect(self._text(text, inside)).to_be_visible(timeout=within_s * 1_000)

    async def misses(self, text: str, *, inside: Role | None = None, within_s: float = WITHIN_S) -> None:
        await expect(self._text(text, inside)).to_be_hidden(timeout=within_s * 1_000)

    async def text(self) -> str:
        return await self.page.locator("body").inner_text()

    async def evaluate(self, expression: str) -> Any:
        return await self.page.evaluate(expression)

    async def screenshot(self, path: Path) -> None:
        await self.page.screenshot(path=path)

    def _text(self, text: str, inside: Role | None) -> Locator:
        return (self.page.get_by_role(inside) if inside else self.page).get_by_text(text)
