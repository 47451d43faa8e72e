"""A person at a browser: does what people do, and sees what they see."""

import re
from typing import Self

from playwright.async_api import BrowserContext, Locator, Page, expect

TITLES = {
    "gate": "Somebody is passing by",
    "lobby": "Who will you meet?",
    "waiting": "Looking for somebody",
    "parted": "You two will not meet again",
    "alarm": "Somebody may be sitting between you",
    "banned": "You are shut out for a while",
    "kicked": "Disconnected for a moment",
}


class Person:
    """One window. Everything is found by its role and name, as a screen reader finds it."""

    def __init__(self, page: Page, nickname: str) -> None:
        self.page = page
        self.nickname = nickname
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda entry: self.errors.append(entry.text) if entry.type == "error" else None)

    @classmethod
    async def arrive(cls, context: BrowserContext, url: str, nickname: str) -> Self:
        """Open the page and go as far as the lobby."""
        person = cls(await context.new_page(), nickname)
        await person.page.goto(url)
        await person.enter()
        return person

    async def enter(self) -> None:
        await self.sees("gate")
        await self.page.get_by_role("checkbox", name="I am 18").check()
        await self.page.get_by_role("checkbox", name="I agree").check()
        await self.press("Come in")
        await self.sees("lobby")
        await self.page.get_by_role("textbox", name="Your name for today").fill(self.nickname)

    async def likes(self, *tags: str) -> None:
        box = self.page.get_by_role("textbox", name="Topics you like")
        for tag in tags:
            await box.fill(tag)
            await box.press("Enter")

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def start(self) -> None:
        await self.press("Start")

    async def sees(self, screen: str) -> None:
        await expect(self.page.get_by_role("heading", name=TITLES[screen])).to_be_visible(timeout=15_000)

    async def meets(self, *others: "Person") -> "Person":
        """Wait for a talk with one of these, and tell with whom."""
        names = "|".join(re.escape(other.nickname) for other in others)
        heading = self.page.get_by_role("heading", name=re.compile(f"Talking with ({names})"))
        await expect(heading).to_be_visible(timeout=30_000)
        title = await heading.inner_text()
        return next(other for other in others if other.nickname in title)

    async def says(self, text: str) -> None:
        box = self.page.get_by_role("textbox", name="Your message")
        await box.fill(text)
        await box.press("Enter")

    async def opens_report(self) -> Locator:
        """Open the dialog in a talk, by its menu."""
        await self.press("Report or block")
        await self.press("Report…")
        dialog = self.page.get_by_role("dialog", name="Report your stranger")
        await expect(dialog).to_be_visible()
        return dialog

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    async def reads(self, text: str) -> None:
        await expect(self.log.get_by_text(text)).to_be_visible(timeout=15_000)

    async def is_reconnecting(self, to: "Person") -> None:
        """See that another way is being looked for, be it for a moment."""
        await self._way(to).wait_for(timeout=15_000)

    async def is_connected(self, to: "Person") -> None:
        await expect(self._way(to)).to_be_hidden(timeout=15_000)

    def _way(self, to: "Person") -> Locator:
        return self.page.get_by_role("banner").get_by_text(f"{to.nickname} is reconnecting")

    async def hears_from(self, other: "Person", text: str) -> None:
        await other.says(text)
        await self.reads(text)

    async def text(self) -> str:
        return await self.page.locator("body").inner_text()
