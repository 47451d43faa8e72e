"""Another origin, from which an advertisement comes that does whatever a bad one could, and tells how far it got.

`ad.html` is what it serves; `frame.html` is the document that operators are given, with a snippet that writes into it
as those of networks do. Every request is kept in order; what scripts report comes with one of them.
"""

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final, Self

from aiohttp import web

from broker.site import Ads, Site
from tests.polling import until

HEIGHT: Final = 120
_AD: Final = Path(__file__).with_name("ad.html")
_GIVEN: Final = Path(__file__).parents[2] / "deploy/ads/frame.html"
_PLACE: Final = "<!-- The snippet: begin -->"
_SNIPPET: Final = '<script>var options = {width: 320};</script><script src="/snippet.js"></script>'
_WRITES: Final = "document.write(`<a href='/elsewhere.html' target='_blank'>Umbrellas, ${options.width} wide</a>`);"


class AdHost:
    """A server on loopback. The page comes by the name `localhost`, and this by number: they share no site either."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.reports: dict[str, str] = {}
        self.typed = ""
        self.home = ""
        """Where the page is: an advertisement may well know."""
        self.grabbing = False
        """Whether it takes the focus, again and again."""
        self._runner = web.AppRunner(self._app())

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        host = cls()
        await host._runner.setup()
        await web.TCPSite(host._runner, "127.0.0.1", 0).start()
        try:
            yield host
        finally:
            await host._runner.cleanup()

    @property
    def name(self) -> str:
        address: tuple[str, int] = self._runner.addresses[0]
        return f"{address[0]}:{address[1]}"

    def site(self, page: str = "ad.html") -> Site:
        """Give what an operator says who takes advertisements from here."""
        return Site(ads=Ads(url=f"http://{self.name}/{page}", height=HEIGHT))

    @property
    def shown(self) -> int:
        """How often the advertisement was fetched."""
        return self.requests.count("/ad.html")

    async def is_asked(self) -> None:
        """Wait for one request more."""
        before = len(self.requests)
        await until(lambda: len(self.requests) > before)

    async def has_reports(self) -> dict[str, str]:
        """Wait until the script has tried everything, and give what came of it."""
        await until(lambda: "done" in self.reports, within_s=20)
        return {name: result for name, result in self.reports.items() if name != "done"}

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        return app

    async def _serve(self, request: web.Request) -> web.Response:
        self.requests.append(request.path)
        self.headers.append(dict(request.headers))
        match request.path:
            case "/ad.html" | "/elsewhere.html":
                text = _AD.read_text().replace("HOME", self.home).replace("GRABBING", json.dumps(self.grabbing))
                return web.Response(text=text, content_type="text/html")
            case "/frame.html":
                given = _GIVEN.read_text()
                assert given.count(_PLACE) == 1
                return web.Response(text=given.replace(_PLACE, _SNIPPET), content_type="text/html")
            case "/snippet.js":
                return web.Response(text=_WRITES, content_type="text/javascript")
            case "/report":
                report: dict[str, Any] = json.loads(await request.text())
                self.reports.update(report)
            case "/typed":
                self.typed += await request.text()
        return web.Response(status=204)
