"""What an operator has to say to whoever opens the page, before anything is contacted.

    settings ─► Site ─► <script type="application/json" id="site"> of index.html ─► the page's site.ts

Part of the one source of truth, as the messages are, but no message: it is read by everybody who loads the page.
"""

from typing import Annotated

from pydantic import Field

from broker.cells import NAME
from broker.messages import Message, Relay


class Ads(Message):
    """A slot for advertisements: a page on another origin, shown in a sandboxed frame to who has agreed."""

    url: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=400)]
    height: Annotated[int, Field(ge=50, le=600, description="of the frame, in CSS pixels")] = 100


class Site(Message):
    """The operator's part of the page."""

    operator: Annotated[str, Field(min_length=1, max_length=200, description="who runs this server")] | None = None
    cell: Annotated[str, Field(pattern=f"^{NAME}$", description="what all topics of this server are in")] | None = None
    relay: Relay = "none"
    ads: Ads | None = None
