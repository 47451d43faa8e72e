"""Looks at a deployment from outside and says of each failure what to do.

    place ──► visit ──► checks, in their order, each after those it needs ──► findings ──► report
                │
                ├─ web        TLS, page, WebSocket, origin, clock       aiohttp
                ├─ entrance   who is let in                             ┐
                ├─ gate       what may be heard and said                │ probe (paho-mqtt)
                ├─ service    pulse, welcome, seats                     │
                ├─ meeting    two peers of our own are matched          ┘
                └─ relay      TURN                                      aioice

It comes with nothing but the address, as anybody could, and costs nobody anything: all it says, it says as peers that
it draws and forgets, to each other; it is matched with itself only; and what it may hear of others where a gate is
missing it neither keeps nor shows.
"""
