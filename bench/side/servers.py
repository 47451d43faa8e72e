"""What the pages of the comparison talk to: each a process of its own on a free port of loopback, ended by its id.

    Passerby     page and broker: the embedded one, or Mosquitto with the gate and our edge before it; and the matcher
    Trystero     a Mosquitto of the same image and configuration that lets everybody in, without the gate
    the others   a server in Node (`others/servers`)

The others' pages are one bundle each, made by esbuild at the start, and come from this process.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from aiohttp import web

from bench.brokers import BARE, EMBEDDED, running
from bench.processes import edge, matcher, node
from bench.proxy import HOST

NOT_THERE: Final = "what Passerby is measured beside is not here: `make bench` puts it into bench/side/others"

_OTHERS: Final = Path(__file__).parent / "others"
_NODE: Final = str(_OTHERS.parents[2] / "tools" / "node")
ESBUILD: Final = _OTHERS / "node_modules" / "esbuild" / "bin" / "esbuild"
_BUNDLED: Final = ("--bundle", "--minify", "--platform=browser", "--target=es2022", "--log-level=warning")
_HTML: Final = '<!doctype html><meta charset="utf-8"><title>{0}</title><script src="{0}.js"></script>'

WATCH: Final = (_OTHERS / "pages" / "watch.js").read_text()
"""A script for every page that is measured; it says what it does."""


@asynccontextmanager
async def passerby(engine: str) -> AsyncIterator[int]:
    """Run Passerby, broker and matcher apart as `docs/howto/apart.md` has it. Gives the port for people."""
    with running(engine) as broker:
        async with matcher(broker.keys_file, broker.service_port, patient=False):
            if engine == EMBEDDED:
                yield broker.port
                return
            async with edge(broker.port) as port:
                yield port


@asynccontextmanager
async def mosquitto() -> AsyncIterator[int]:
    """Run a Mosquitto that is open to everybody. Gives its WebSocket port."""
    with running(BARE) as broker:
        yield broker.port


@asynccontextmanager
async def server(name: str) -> AsyncIterator[int]:
    """Run one of the servers in Node. Gives its port."""
    async with node(_OTHERS / "servers" / f"{name}.js") as (_, port):
        yield port


@asynccontextmanager
async def pages(*names: str) -> AsyncIterator[int]:
    """Serve these pages of the others, `/name.html`. Gives the port."""
    with TemporaryDirectory() as folder:
        _write(folder, names)
        if names:
            sources = (str(_OTHERS / "pages" / f"{name}.js") for name in names)
            await _esbuild("", "--format=iife", f"--outdir={folder}", *sources)
        app = web.Application()
        app.router.add_static("/", folder)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, 0)
            await site.start()
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()


def _write(folder: str, names: tuple[str, ...]) -> None:
    for name in names:
        Path(folder, f"{name}.html").write_text(_HTML.format(name))


async def bundled(imported: str) -> bytes:
    """Give the script that a page has to load for what it imports, minified: `{ io } from "socket.io-client"`."""
    return await _esbuild(f"export {imported};", "--format=esm")


async def _esbuild(source: str, *arguments: str) -> bytes:
    """Bundle files, or what is given as source.

    Raises:
        SystemExit: when it is not here.
        RuntimeError: when something cannot be bundled; why stands above.
    """
    if not ESBUILD.is_file():
        raise SystemExit(f"bench: {NOT_THERE}")
    process = await asyncio.create_subprocess_exec(
        *(_NODE, "node", str(ESBUILD), *_BUNDLED, *arguments),
        cwd=_OTHERS,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made, _ = await process.communicate(source.encode())
    if process.returncode:
        raise RuntimeError("esbuild failed")
    return made
