"""A headless peer on aiortc: it speaks the whole protocol, as a browser does, and Python drives it instead of a person.

    async with Stranger("http://localhost:8080", nickname="Ana") as me, me.meet(tags=["music"]) as talk:
        await talk.say("hello")
        async for event in talk:
            ...

What a talk tells is in `stranger.events`. Importing this imports no WebRTC yet: that comes with the first `Stranger`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stranger.stranger import Stranger

__all__ = ["Stranger"]


def __getattr__(name: str) -> object:
    """Import it when it is asked for (PEP 562)."""
    if name == "Stranger":
        from stranger.stranger import Stranger  # noqa: PLC0415  that is the point

        return Stranger
    raise AttributeError(f"module 'stranger' has no attribute {name!r}")
