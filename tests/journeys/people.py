"""A person at a browser: does what people do, and sees what they see."""

import re
from pathlib import Path
from typing import Protocol, Self

from playwright.async_api import Locator, Page, expect

from tests.journeys.windows import ChromiumWindow, Window

TITLES = {
    "gate": "Somebody is passing by",
    "lobby": "Who will you meet?",
    "waiting": "Looking for somebody",
    "parted": "You two will not meet again",
    "alarm": "Somebody may be sitting between you",
    "banned": "You are shut out for a while",
    "kicked": "Disconnected for a moment",
}


class Context(Protocol):
    """Where windows of one person open: a browser context of Playwright, or one of `firefox/`."""

    async def new_page(self) -> Page | Window: ...


class Person:
    """One window. Everything is found by its role and name, as a screen reader finds it."""

    def __init__(self, window: Page | Window, nickname: str) -> None:
        self.window: Window = ChromiumWindow(window) if isinstance(window, Page) else window
        self.nickname = nickname

    @classmethod
    async def arrive(cls, context: Context, url: str, nickname: str) -> Self:
        """Open the page and go as far as the lobby."""
        person = cls(await context.new_page(), nickname)
        await person.window.goto(url)
        await person.enter()
        return person

    @property
    def page(self) -> Page:
        """Playwright's, for journeys that are for Chromium alone."""
        assert isinstance(self.window, ChromiumWindow)
        return self.window.page

    @property
    def errors(self) -> list[str]:
        return self.window.errors

    async def enter(self) -> None:
        await self.sees("gate")
        await self.window.check("I am 18")
        await self.window.check("I agree")
        await self.press("Come in")
        await self.sees("lobby")
        await self.window.fill("Your name for today", self.nickname)

    async def likes(self, *tags: str) -> None:
        for tag in tags:
            await self.window.fill("Topics you like", tag)
            await self.window.key("Enter", box="Topics you like")

    async def press(self, name: str) -> None:
        await self.window.click("button", name, exact=True)

    async def start(self) -> None:
        await self.press("Start")

    async def sees(self, screen: str) -> None:
        await self.window.shows("heading", TITLES[screen])

    async def meets(self, *others: "Person") -> "Person":
        """Wait for a talk with one of these, and tell with whom."""
        names = "|".join(re.escape(other.nickname) for other in others)
        title = await self.window.shows("heading", re.compile(f"Talking with ({names})"), within_s=30)
        return next(other for other in others if other.nickname in title)

    async def says(self, text: str) -> None:
        await self.window.fill("Your message", text)
        await self.window.key("Enter", box="Your message")

    async def types(self, text: str) -> None:
        """Type a message, and do not send it."""
        await self.window.click("textbox", "Your message")
        await self.window.type(text)

    async def chooses(self, button: str, *files: Path) -> None:
        """Press a button that asks for files, and choose these."""
        await self.window.choose(button, files)

    async def opens_report(self) -> Locator:
        """Open the dialog in a talk, by its menu."""
        await self.press("Report or block")
        await self.press("Report…")
        dialog = self.page.get_by_role("dialog", name="Report your stranger")
        await expect(dialog).to_be_visible()
        return dialog

    async def check_words(self) -> list[str]:
        """Look them up, by their button, and give the four as they are shown: `word number`."""
        await self.press("Check the connection")
        dialog = self.page.get_by_role("dialog", name="Is anybody between you?")
        words = dialog.get_by_role("listitem")
        await expect(words).to_have_count(4, timeout=15_000)
        shown = [" ".join(text.split()) for text in await words.all_inner_texts()]
        await self.page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        return shown

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    async def reads(self, text: str) -> None:
        await self.window.reads(text, inside="log")

    async def hears_from(self, other: "Person", text: str) -> None:
        await other.says(text)
        await self.reads(text)

    async def text(self) -> str:
        return await self.window.text()
