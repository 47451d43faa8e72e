"""What stands on the screens on which nobody talks: a title, some paragraphs, and what can be done. Pure.

The same for both faces: one draws it, the other prints it.
"""

from dataclasses import dataclass
from typing import Final

from passerby import durations
from passerby.chat import harmless, texts
from passerby.chat.machine import Chat
from passerby.chat.state import Ban, Phase, Search

LONG_S: Final = 30.0
"""From here on a wait is a long one and deserves a kind word."""
SHORT_S: Final = 15.0
"""So long it may be said what is usual, though that is less."""
FAILURES: Final = 3
"""So many strangers in a row who could not be reached say something about this network."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is shown. `deeds` are commands, in the order in which they are offered, and what they are called here."""

    title: str
    text: tuple[str, ...]
    deeds: tuple[tuple[str, str], ...] = ()
    points: tuple[str, ...] = ()
    """Said one below the other, after the text."""

    passing: str = ""
    """What changes all the time, for who looks at it all the time."""


def gate(chat: Chat) -> Letter:
    """Show what is to be known before anything is contacted."""
    address = texts.ADDRESS_HIDDEN if chat.wishes.hide else texts.ADDRESS
    terms = (f"All of the terms: {chat.wishes.terms}",) if chat.wishes.terms else ()
    return Letter(
        "Somebody is passing by",
        (texts.LEAD, f"{address} {texts.ADDRESS_MORE}"),
        (("yes", "Come in"), ("quit", "Leave")),
        (*texts.TERMS, *terms),
    )


def letter(chat: Chat, now: float) -> Letter | None:  # noqa: C901, PLR0911  one case for each phase
    """Show where one is; None in a talk, which has a screen of its own."""
    match chat.phase:
        case Phase.GATE:
            return gate(chat)
        case Phase.NAMING:
            return Letter("Your name for today", (texts.NAME_LEAD,))
        case Phase.ARRIVING:
            return Letter(
                "Coming in", (_way(chat, now) or f"Connecting to {chat.wishes.place}…",), (("quit", "Leave"),)
            )
        case Phase.LOBBY:
            words = (texts.LOBBY_LEAD, texts.here(chat.counts), _way(chat, now))
            return Letter("Who will you meet?", _said(*words), (("start", "Start"), ("quit", "Leave")))
        case Phase.LOOKING if chat.search is not None:
            return _looking(chat, chat.search, now)
        case Phase.CONNECTING:
            return Letter("Found someone, connecting…", (texts.CONNECTING,), (("stop", "Cancel"),))
        case Phase.PARTED:
            deeds = (("next", "Next"), ("stop", "To the lobby"))
            return Letter("You two will not meet again", (texts.PARTED,), deeds)
        case Phase.ALARM:
            lead, *more = texts.ALARM
            back = (("stop", "Back to the lobby"), ("quit", "Leave"))
            return Letter("Somebody may be sitting between you", (lead,), back, tuple(more))
        case Phase.BANNED if chat.ban is not None:
            return _banned(chat.ban, now)
        case Phase.STOPPED:
            return Letter("That did not work", (chat.stopped,), (("next", "Try again"), ("quit", "Leave")))
    return None


def _looking(chat: Chat, search: Search, now: float) -> Letter:
    here = texts.here(chat.counts) if chat.counts else ""
    words = _said(_why(chat, search, now), _usual(chat, search, now), here, _way(chat, now))
    gone = f"Looking for {durations.tell(int(now - search.since))}"
    return Letter("Looking for somebody", words, (("stop", "Cancel"),), passing=gone)


def _why(chat: Chat, search: Search, now: float) -> str:
    if search.working:
        return texts.PROVING
    if search.pause is not None:
        return texts.paused(search.pause[0], search.pause[1] - now)
    if search.failures >= FAILURES:
        return texts.FAILING
    if now - search.since > LONG_S:
        return texts.LOOKING_LONG
    return texts.LOOKING_TAGS if chat.wishes.tags else texts.LOOKING


def _usual(chat: Chat, search: Search, now: float) -> str:
    wait = chat.counts.wait if chat.counts else None
    if not wait or search.pause or search.working or search.failures >= FAILURES:
        return ""
    return texts.usual(wait) if now - search.since <= max(wait, SHORT_S) else ""


def _way(chat: Chat, now: float) -> str:
    return "" if chat.away_until is None else texts.away(chat.away_until - now, talking=False)


def _banned(ban: Ban, now: float) -> Letter:
    left_s = ban.until - now
    if left_s <= 0:
        until = "The time is over: you can come back."
    else:
        until = f"You can come back {texts.within(left_s)}." if ban.kick else f"It ends {texts.within(left_s)}."
    reason = texts.BANNED_REASONS.get(ban.reason, texts.BANNED_OTHER)
    contact = (
        f"You reach them here: {harmless.name(ban.contact)}" if ban.contact else "They gave no address to write to."
    )
    ask = f"If you think that it is one, tell whoever runs this server this code: {harmless.name(ban.code)}"
    title = "Disconnected for a moment" if ban.kick else "You are shut out for a while"
    deeds = (("quit", "Leave"),) if left_s > 0 else (("next", "Try again"), ("quit", "Leave"))
    return Letter(title, (f"The reason: {reason}.", until, f"{texts.BANNED_MAYBE} {ask}", contact), deeds)


def _said(*words: str) -> tuple[str, ...]:
    return tuple(word for word in words if word)
