"""People who call each other: a made-up camera and microphone, and what a test may know of what they really do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Final, Self

from playwright.async_api import Browser, Locator, expect

from tests.journeys.people import Person

WITHIN_S: Final = 30.0

# Keeps what the page does not show: every device that was opened, every connection; and holds back what is said.
WATCH: Final = """(() => {
  window.opened = [];
  window.connections = [];
  window.held = undefined;
  const media = navigator.mediaDevices;
  if (!media) return;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = async (wish) => {
    const stream = await open(wish);
    window.opened.push(...stream.getTracks());
    return stream;
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options);
      window.connections.push(this);
    }
  };
  const send = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (data) {
    const letGo = () => send.call(this, data);
    if (window.held) window.held.push(letGo);
    else letGo();
  };
})()"""

# What has arrived on the connection of the talk.
ARRIVED: Final = """async () => {
  const pc = window.connections.findLast((each) => each.connectionState === "connected");
  const arrived = { frames: 0, samples: 0, energy: 0, lines: 0 };
  if (!pc) return arrived;
  arrived.lines = pc.getTransceivers().length;
  for (const each of (await pc.getStats()).values()) {
    if (each.type !== "inbound-rtp") continue;
    if (each.kind === "video") arrived.frames += each.framesDecoded ?? 0;
    if (each.kind === "audio") {
      arrived.samples += each.totalSamplesReceived ?? 0;
      arrived.energy += each.totalAudioEnergy ?? 0;
    }
  }
  return arrived;
}"""


class Caller(Person):
    """A person with a camera and a microphone."""

    @classmethod
    @contextlib.asynccontextmanager
    async def arrives(cls, chromium: Browser, url: str, nickname: str, *, allows: bool = True) -> AsyncIterator[Self]:
        """Open the page in a context of its own; at the end it may have complained of nothing."""
        context = await chromium.new_context(permissions=["camera", "microphone"] if allows else [])
        await context.add_init_script(WATCH)
        try:
            person = await cls.arrive(context, url, nickname)
            yield person
            assert person.errors == []
        finally:
            await context.close()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def rings(self, *, video: bool) -> None:
        await self.press("Call with video" if video else "Call by voice")
        await self.goes(video=video)

    async def goes(self, *, video: bool) -> None:
        """Press on from the look at oneself."""
        go = self.page.locator(".preview").get_by_role("button", name="Call with video" if video else "Call by voice")
        await go.click()

    async def answers(self, other: Person, *, video: bool) -> None:
        await self.is_asked(other, video=video)
        await self.press("Answer…")
        await self.press("Answer with video" if video else "Answer by voice")

    async def is_asked(self, other: Person, *, video: bool) -> None:
        how = "with video" if video else "by voice"
        await self.sees_title(f"{other.nickname} would like to call you, {how}")

    async def sees_title(self, title: str) -> None:
        await expect(self.page.get_by_role("heading", name=title)).to_be_visible(timeout=15_000)

    async def calls(self, *others: Person) -> None:
        """Be in a call with one of these."""
        rooms = [self.page.get_by_role("region", name=f"Call with {other.nickname}") for other in others]
        room = rooms[0].or_(rooms[-1])
        await expect(room.get_by_role("button", name="Hang up")).to_be_visible(timeout=15_000)

    async def idle(self) -> None:
        await expect(self.button("Call by voice")).to_be_visible(timeout=15_000)
        await expect(self.button("Hang up")).to_have_count(0)

    async def told(self, words: str) -> None:
        await expect(self.page.locator(".talk-main").get_by_text(words).first).to_be_visible(timeout=15_000)

    async def arrived(self) -> dict[str, float]:
        found: dict[str, float] = await self.page.evaluate(ARRIVED)
        return found

    async def until(self, fits: Callable[[dict[str, float]], bool], what: str) -> dict[str, float]:
        """Wait until what has arrived fits."""
        arrived: dict[str, float] = {}
        try:
            async with asyncio.timeout(WITHIN_S):
                while not fits(arrived := await self.arrived()):
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"{self.nickname}: {what}, but {arrived}") from None
        return arrived

    async def hears(self) -> None:
        """Get more of a voice, and not of silence."""
        before = await self.arrived()
        await self.until(
            lambda now: now["samples"] > before["samples"] + 24_000 and now["energy"] > before["energy"] + 0.0001,
            "should hear",
        )

    async def watches(self) -> None:
        """Get more pictures."""
        before = await self.arrived()
        await self.until(lambda now: now["frames"] > before["frames"] + 20, "should see")

    async def live(self) -> list[str]:
        """Give the kinds of the devices that are in use."""
        kinds: list[str] = await self.page.evaluate(
            "opened.filter((track) => track.readyState === 'live').map((track) => track.kind).sort()"
        )
        return kinds

    async def uses(self, *kinds: str) -> None:
        """Wait until exactly these devices are in use."""
        async with asyncio.timeout(WITHIN_S):
            while (found := await self.live()) != sorted(kinds):
                await asyncio.sleep(0.05)
        assert found == sorted(kinds)

    async def sends_unasked(self) -> None:
        """Send voice and picture by hand, past the page, without a call."""
        await self.page.evaluate("""async () => {
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
          const pc = connections.findLast((each) => each.connectionState === "connected");
          for (const track of stream.getTracks()) pc.addTrack(track, stream);
        }""")
        async with asyncio.timeout(WITHIN_S):
            while None in await self.directions():
                await asyncio.sleep(0.05)

    async def directions(self) -> list[str | None]:
        """Give the direction that was agreed on, of each line for media."""
        directions: list[str | None] = await self.page.evaluate(
            "connections.findLast((each) => each.connectionState === 'connected')"
            ".getTransceivers().map((line) => line.currentDirection)"
        )
        return directions

    async def opened(self) -> int:
        count: int = await self.page.evaluate("opened.length")
        return count

    async def hold(self) -> None:
        """From now on nothing that is said leaves."""
        await self.page.evaluate("held = []")

    async def let_go(self) -> None:
        await self.page.evaluate("{ const waiting = held; held = undefined; for (const send of waiting) send(); }")
