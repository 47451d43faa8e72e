"""A headless peer on aiortc: it speaks the whole protocol, as a browser does, and Python drives it instead of a person.

    async with Stranger("http://localhost:8080", nickname="Ana") as me, me.meet(tags=["music"]) as talk:
        await talk.say("hello")
        async for event in talk:
            ...

What a talk tells is in `stranger.events`. Importing this imports no WebRTC yet: that comes with the first `Stranger`.
"""
