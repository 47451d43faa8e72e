"""Passerby's edge before a broker that runs already, a process of its own: `python -m bench.edge PORT`.

With the page, for who comes from this machine only: nobody's address is told, and nobody meets a limit. Says `port N`.
"""

import asyncio
import sys
from typing import Final

from broker.engines.edge import Edge
from passerby.log import configure
from passerby.page import page
from passerby.running import run
from passerby.settings import Settings

HOST: Final = "127.0.0.1"
MANY: Final = 100_000


async def serve(upstream: int) -> None:
    """Serve until the end of the process."""
    edge = Edge(page=page(Settings()), upstream=(HOST, upstream), per_network=MANY, proxy_protocol=False)
    await edge.start()
    print(f"port {edge.port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    configure("warning", "console")
    run(serve(int(sys.argv[1])))
