"""Two people who meet by a handshake that the test chooses, in pages that count what they ask of their connections."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final, Literal

from playwright.async_api import Browser

from broker.identity import PeerId
from broker.messages import Matched, Role, Welcome
from matcher.effects import Effect, Send
from matcher.service import Service
from tests.journeys.firefox.windows import Firefox
from tests.journeys.house import House
from tests.journeys.people import Person

Handshake = Literal["mirror", "offer"]

# A slow machine may need a second meeting, so what is counted is counted for one wish and the meeting it became. A wish
# begins as its keys are drawn, and the connections open then are its own, since those of the wish before are closed.
# Who waits gets another one ready, and a guess that was wrong is made good by a third.
# A page that is `refusing` is a browser that takes no mirrored answer. Firefox runs this in about:blank, too, where
# there is no cryptography.
WATCH: Final = """
window.wish = [];
const Original = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Original {
  asked = { answers: 0, offers: 0, refused: 0 };
  constructor(...given) { super(...given); window.wish.push(this); }
  async setRemoteDescription(description) {
    const mirrored = description.type === "answer" && window.wish.every(({ asked }) => asked.refused === 0);
    if (window.refusing && mirrored) { this.asked.refused += 1; throw new DOMException("no mirrors"); }
    if (description.type === "answer") this.asked.answers += 1;
    else this.asked.offers += 1;
    try { await super.setRemoteDescription(description); }
    catch (error) { this.asked.refused += 1; throw error; }
  }
};
const Keys = window.SubtleCrypto?.prototype ?? {};
const { generateKey } = Keys;
Keys.generateKey = function (...given) {
  window.wish = window.wish.filter(({ signalingState }) => signalingState !== "closed");
  return generateKey.apply(this, given);
};
"""


def choosing(handshake: Handshake, role: Role | None = None) -> type[Service]:
    """Make a service that lets everybody shake hands in one way, and gives this role to who came first, if any."""

    class Choosing(Service):
        _first: PeerId | None = None

        def _do(self, effects: list[Effect]) -> None:
            super()._do([self._choose(effect) for effect in effects])

        def _choose(self, effect: Effect) -> Effect:
            if not isinstance(effect, Send):
                return effect
            if isinstance(effect.message, Welcome):
                self._first = self._first or effect.peer
            if not isinstance(effect.message, Matched):
                return effect
            update = {"handshake": handshake, **({"role": self._role(effect.peer)} if role else {})}
            return Send(effect.peer, effect.message.model_copy(update=update))

        def _role(self, peer: PeerId) -> Role | None:
            other: Role = "b" if role == "a" else "a"
            return role if peer == self._first else other

    return Choosing


@contextlib.asynccontextmanager
async def talk(
    browsers: tuple[Browser | Firefox, Browser | Firefox],
    engine: str,
    handshake: Handshake,
    refusing: tuple[bool, bool] = (False, False),
    role: Role | None = None,
    script: str = "",
) -> AsyncIterator[tuple[Person, Person]]:
    """Let two meet by this handshake and talk both ways. Who is in the first browser waits, and gets the role.

    In both pages `script` runs before all else.
    """
    async with House.open(engine, service=choosing(handshake, role)) as house, contextlib.AsyncExitStack() as stack:
        ana, bo = [
            await _arrive(stack, browser, house.url, name, script, refusing=refuses)
            for browser, name, refuses in zip(browsers, ("Ana", "Bo"), refusing, strict=True)
        ]
        await ana.start()
        await ana.sees("waiting")
        await bo.start()
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        await ana.hears_from(bo, "Nice to meet you")
        await bo.hears_from(ana, "And you")
        yield ana, bo


async def _arrive(
    stack: contextlib.AsyncExitStack, browser: Browser | Firefox, url: str, name: str, script: str, *, refusing: bool
) -> Person:
    context = await browser.new_context()
    stack.push_async_callback(context.close)
    await context.add_init_script(WATCH)
    if script:
        await context.add_init_script(script)
    if refusing:
        await context.add_init_script("window.refusing = true;")
    return await Person.arrive(context, url, name)


async def counted(people: tuple[Person, Person], what: Literal["answers", "offers", "refused"]) -> list[int]:
    """Count something for each of the two, the fewest first.

    Refusals over all connections of the wish that led to the talk; answers and offers of the one that they talk over.
    """
    which = "true" if what == "refused" else "signalingState !== 'closed'"
    count = f"window.wish.reduce((sum, {{ asked, signalingState }}) => sum + ({which} ? asked.{what} : 0), 0)"
    return sorted([await person.window.evaluate(count) for person in people])


async def connections(people: tuple[Person, Person]) -> list[int]:
    """Count the connections themselves."""
    return sorted([await person.window.evaluate("window.wish.length") for person in people])
