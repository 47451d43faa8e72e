"""Two people who talk, in a browser with a made-up microphone, and what their pages do below what is seen.

`WATCH` runs in each page before its own scripts. It notes what leaves on the channel for what is big, what object URLs
are made and revoked and what microphones are opened, and it can put a big picture in where the browser encodes one,
hold a transfer in its midst, and speak on both channels as no page of ours would.
"""

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, FilePayload, Locator, expect

from tests.journeys.browsers import ALLOWED, DEVICES, launched
from tests.journeys.house import House
from tests.journeys.people import Person

MIB: Final = 1024 * 1024

WATCH: Final = """
(() => {
  const seen = (window.seen = {
    channels: [], heard: [], sent: [], pieces: 0, bytes: 0, urls: new Map(), made: 0, tracks: [],
    pad: 0, holdAfter: Infinity,
  });
  seen.channel = (label) => seen.channels.findLast((one) => one.label === label && one.readyState === "open");
  const make = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (label, options) {
    const channel = make.call(this, label, options);
    seen.channels.push(channel);
    const now = () => performance.timeOrigin + performance.now();
    if (label === "passerby") channel.addEventListener("message", ({ data }) => seen.heard.push([now(), data]));
    return channel;
  };
  const send = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (data) {
    if (this.label === "parcels" && data instanceof Uint8Array) {
      seen.pieces += 1;
      seen.bytes += data.length;
      if (seen.pad === 0) seen.sent.push(data.slice());
    }
    return send.call(this, data);
  };
  seen.send = (label, data) => send.call(seen.channel(label), data);
  const { get } = Object.getOwnPropertyDescriptor(RTCDataChannel.prototype, "bufferedAmount");
  Object.defineProperty(RTCDataChannel.prototype, "bufferedAmount", {
    get() {
      return this.label === "parcels" && seen.pieces >= seen.holdAfter ? 1e9 : get.call(this);
    },
  });
  const write = OffscreenCanvas.prototype.convertToBlob;
  OffscreenCanvas.prototype.convertToBlob = async function (options) {
    const blob = await write.call(this, options);
    return new Blob([blob, new Uint8Array(Math.max(0, seen.pad - blob.size))], { type: blob.type });
  };
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const url = createObjectURL.call(URL, blob);
    seen.urls.set(url, blob);
    seen.made += 1;
    return url;
  };
  URL.revokeObjectURL = (url) => {
    seen.urls.delete(url);
    revokeObjectURL.call(URL, url);
  };
  const listen = navigator.mediaDevices.getUserMedia;
  navigator.mediaDevices.getUserMedia = async function (wanted) {
    const stream = await listen.call(this, wanted);
    seen.tracks.push(...stream.getTracks());
    return stream;
  };
  seen.base64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
})();
"""


@contextlib.asynccontextmanager
async def two_who_talk(*, microphone: bool = True) -> AsyncIterator[tuple[Person, Person]]:
    """Give Ana and Bo in a talk; in the end no page may have complained."""
    async with House.open("embedded") as house, launched(DEVICES, ALLOWED) as browser:
        people = [await _watched(browser, house, name, microphone=microphone) for name in ("Ana", "Bo")]
        ana, bo = people
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        yield ana, bo
        assert [error for person in people for error in person.errors] == []


async def _watched(browser: Browser, house: House, name: str, *, microphone: bool) -> Person:
    context: BrowserContext = await browser.new_context(permissions=["microphone"] if microphone else [])
    await context.add_init_script(WATCH)
    return await Person.arrive(context, house.url, name)


async def gives(person: Person, *files: tuple[str, str, bytes]) -> None:
    """Pick files (name, type, bytes) as pictures to send."""
    await person.page.locator("input[type=file]").set_input_files(
        [FilePayload(name=name, mimeType=kind, buffer=data) for name, kind, data in files]
    )


async def records(person: Person, for_s: float = 1.5) -> None:
    """Record for a while, by two taps, and wait until it can be heard."""
    await person.press("Record a voice note")
    await expect(person.page.get_by_role("progressbar", name="How loud you are")).to_be_visible()
    await asyncio.sleep(for_s)  # what is recorded takes its time
    await person.press("Stop recording")
    await expect(person.page.get_by_role("button", name="Send it")).to_be_focused(timeout=10_000)


async def loudest(audio: Locator) -> float:
    """Give the highest sample of what would be played, 0 to 1."""
    return float(
        await audio.evaluate(
            """async (audio) => {
              const context = new AudioContext();
              const sound = await context.decodeAudioData(await seen.urls.get(audio.src).arrayBuffer());
              await context.close();
              return sound.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
            }"""
        )
    )


async def sent_parcels(person: Person) -> dict[int, bytes]:
    """Give the bytes that left this page for each parcel, put together."""
    whole: dict[int, bytes] = {}
    for text in await person.page.evaluate("seen.sent.map((piece) => seen.base64(piece))"):
        piece = base64.b64decode(text)
        number = int.from_bytes(piece[:4])
        whole[number] = whole.get(number, b"") + piece[4:]
    return whole


async def shown(locator: Locator) -> bytes:
    """Give the bytes behind what an `<img>` or `<audio>` shows."""
    text = await locator.evaluate(
        "async (element) => seen.base64(new Uint8Array(await seen.urls.get(element.src).arrayBuffer()))"
    )
    return base64.b64decode(text)


async def live_urls(person: Person) -> int:
    return int(await person.page.evaluate("seen.urls.size"))


async def heard(person: Person, kind: str) -> list[dict[str, Any]]:
    """Give the messages of a kind that came to this page, below what it makes of them."""
    texts = await person.page.evaluate("seen.heard.map(([, text]) => text)")
    return [message for message in map(json.loads, texts) if message["kind"] == kind]


async def announces(person: Person, number: int, size: int, **more: object) -> None:
    """Say `parcel` as no button of the page does."""
    message = {"kind": "parcel", "id": number, "what": "image", "type": "image/png", "size": size, **more}
    await person.page.evaluate("(text) => seen.send('passerby', text)", json.dumps(message))


async def pushes(person: Person, number: int, data: bytes) -> None:
    """Send bytes under a number, at the pace that the channel takes them."""
    await person.page.evaluate(
        """async ([number, text]) => {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          await (window.pour ??= async (number, bytes) => {
            const channel = seen.channel("parcels");
            for (let at = 0; at < bytes.length; at += 16384) {
              while (channel.bufferedAmount > 1048576) await new Promise((then) => setTimeout(then, 5));
              const part = bytes.subarray(at, at + 16384);
              const piece = new Uint8Array(4 + part.length);
              new DataView(piece.buffer).setUint32(0, number);
              piece.set(part, 4);
              seen.send("parcels", piece);
            }
          })(number, bytes);
        }""",
        [number, base64.b64encode(data).decode()],
    )


async def sends(person: Person, number: int, data: bytes, **more: object) -> None:
    await announces(person, number, len(data), **more)
    await pushes(person, number, data)


async def memory(person: Person) -> int:
    """Give how many bytes the page's scripts hold, with their buffers, after what nobody needs was taken away."""
    session = await person.page.context.new_cdp_session(person.page)
    try:
        await session.send("HeapProfiler.collectGarbage")
        usage = await session.send("Runtime.getHeapUsage")
        return int(usage["usedSize"] + usage["embedderHeapUsedSize"] + usage["backingStorageSize"])
    finally:
        await session.detach()
