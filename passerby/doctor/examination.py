"""The checks in their order, as a table, and the one function that goes through it.

A check is made when those that it needs have come out well enough; else it is skipped, and says why. One that takes too
long has failed. Whatever happens, all of them have a finding in the end.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from passerby.doctor import entrance, gate, meeting, page, relay, service, web
from passerby.doctor.finding import Finding, Outcome, Verdict, failed, skipped
from passerby.doctor.visit import Visit
from stranger.client import Unreachable
from stranger.place import Door

_ANY: Final = frozenset(Door)
_WEB: Final = frozenset({Door.PAGE})
_SOCKET: Final = frozenset({Door.PAGE, Door.WEBSOCKET})
_PATIENCE: Final = 4  # a check asks several things, each of which may take the whole timeout


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, what it does, which others it builds on, and at which doors it makes sense."""

    name: str
    run: Callable[[Visit], Awaitable[Verdict]]
    needs: tuple[str, ...] = ()
    doors: frozenset[Door] = _ANY


CHECKS: Final = (
    Check("reach", web.reachable),
    Check("security", web.secure, ("reach",)),
    Check("page", page.page, ("reach", "security"), _WEB),
    Check("legal pages", page.legal, ("page",), _WEB),
    Check("websocket", web.websocket, ("reach", "security"), _SOCKET),
    Check("origin", web.origin, ("websocket",), _SOCKET),
    Check("clock", web.clock, ("reach", "security"), _WEB),
    Check("peer", entrance.peer, ("reach", "security", "websocket")),
    Check("wrong secret", entrance.wrong_secret, ("peer",)),
    Check("no name", entrance.anonymous, ("peer",)),
    Check("internal names", entrance.internal_names, ("peer",)),
    Check("internal listener", entrance.internal_listener),
    Check("pulse", service.pulse, ("peer",)),
    Check("welcome", service.welcome, ("peer",)),
    Check("wildcards", gate.wildcards, ("peer",)),
    Check("other inboxes", gate.inboxes, ("peer",)),
    Check("forgeries", gate.forgeries, ("peer",)),
    Check("wills", gate.wills, ("peer",)),
    Check("retained", gate.retained, ("peer",)),
    Check("seat", service.seat, ("welcome",)),
    Check("other seats", service.other_seats, ("seat",)),
    Check("matching", meeting.matching, ("seat",)),
    Check("crossing", meeting.crossing, ("matching",)),
    Check("relay", relay.relay, ("matching",)),
)

_ELSEWHERE: Final = {
    Door.WEBSOCKET: "the URL names the broker's WebSocket alone",
    Door.TCP: "the URL names a TCP listener",
}


async def examine(visit: Visit, starting: Callable[[str], None] = lambda _: None) -> AsyncIterator[Finding]:
    """Make all checks, one after the other, and give what each has found.

    Args:
        visit: where, and how.
        starting: is told the name of each check that begins.
    """
    bad: set[str] = set()
    for check in CHECKS:
        verdict = _not_asked(check, visit) or _in_the_way(check, bad)
        if verdict is None:
            starting(check.name)
            verdict = await _made(check, visit)
        if verdict.outcome is Outcome.FAILED or (
            verdict.outcome is Outcome.SKIPPED and visit.place.door in check.doors
        ):
            bad.add(check.name)
        yield Finding(check.name, verdict.outcome, verdict.seen, verdict.todo)


def _not_asked(check: Check, visit: Visit) -> Verdict | None:
    if visit.place.door not in check.doors:
        return skipped(_ELSEWHERE[visit.place.door])
    if check.run is entrance.internal_listener and visit.wishes.internal is None:
        return skipped("not asked for (--internal)")
    return None


def _in_the_way(check: Check, bad: set[str]) -> Verdict | None:
    for need in check.needs:
        if need in bad:
            return skipped(f"needs `{need}`")
    return None


async def _made(check: Check, visit: Visit) -> Verdict:
    try:
        async with asyncio.timeout(_PATIENCE * visit.wishes.timeout_s):
            return await check.run(visit)
    except TimeoutError:
        return failed("no end to it in time", "the server is slow, or this line is: try again with a longer --timeout")
    except Unreachable as error:
        return failed(f"no connection any more: {error}", "does the broker run on, and does it let in several at once?")
