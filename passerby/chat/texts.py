"""What the chat says, in words: those of the page (webclient/src/languages/en), where it says the same. Pure."""

from collections.abc import Sequence
from typing import Final

from broker.conversation import ParcelWhat
from broker.messages import Counts, ReportReason
from passerby import durations
from stranger.events import What

NAME: Final = "Passerby"
LEAD: Final = (
    "You and one stranger, picked at random, talking directly from machine to machine. No account, no history, no copy "
    "in the middle."
)
ADDRESS: Final = "Your stranger will learn your network address. They can record what you say."
ADDRESS_HIDDEN: Final = "Your stranger does not learn your network address. They can record what you say."
ADDRESS_MORE: Final = (
    "The talk runs directly between the two of you, so nobody else stores it. It also means: tell nothing that you "
    "would not tell a stranger on the street."
)
TERMS: Final = (
    "Only adults. If you are under 18, leave. If your stranger seems to be, report it and leave.",
    "Nothing illegal, no threats, no harassment, no hate, no spam, no scams.",
    "Do not publish what a stranger told you, and do not go looking for who they are.",
    "Whoever breaks this can be shut out for a while.",
)
AGREE: Final = "I am 18 years or older, and I agree to these terms."
UNTOUCHED: Final = "Nothing is contacted before you say yes."
NAME_LEAD: Final = (
    "Your name goes to your stranger only, never to the server. Leave, and it is forgotten. Up to 32 letters."
)
NAME_MISSING: Final = "Take a name first, of up to 32 letters."

LOBBY_LEAD: Final = "You are here, and nobody is being looked for."
CONNECTING: Final = "The two of you are finding a way to each other. This takes a moment, or at most some seconds."
LOOKING: Final = "As soon as another person is looking too, the two of you are connected."
LOOKING_TAGS: Final = "Somebody who shares a topic is looked for first, then anybody."
LOOKING_LONG: Final = "It is a quiet moment. Your place is kept; people come and go all the time."
FAILING: Final = (
    "People were found, but no direct connection came about. Some networks do not allow it; another one may help."
)
PROVING: Final = (
    "Proving that you are not a program: many are at the door, so your machine solves a small puzzle first."
)

SIGHT: Final = "The network lost sight of the stranger. While you can still talk, never mind."
DROPPED: Final[dict[What, str]] = {
    "flood": "Too much came at once; some of it was dropped.",
    "oversize": "Something too big came and was dropped.",
    "malformed": "Something came that is no message, and was dropped.",
    "stray": "Something came that was never announced, and was dropped.",
    "unread": "More came than could be shown; some of it was dropped.",
}
REPORTED: Final = "Reported, thank you."
LATE: Final = "This talk ended too long ago for that: it is forgotten already."
OVER: Final = "This conversation disappears when you move on."

WORDS_LEAD: Final = (
    "Your stranger sees four words, too. If they are the same, in the same order, nobody sits between you two."
)
WORDS_HOW: Final = (
    "Compare them by voice or on another channel: text could be rewritten by whoever sits in between. They do not tell "
    "who your stranger is, nor that they do not record."
)
WORDS_COMING: Final = "One moment: the two sides are still agreeing on the words."
WORDS_MISSING: Final = (
    "There are no words in this talk: your stranger's side did not send its part of them, or it got lost. So nobody "
    "can say whether somebody sits in between. Tell nothing that you would mind."
)

REPORT_LEAD: Final = (
    "Nobody reads your chat: the report tells the reason alone, and one report by itself shuts nobody out."
)
REASONS: Final[dict[ReportReason, str]] = {
    "minor": "They seem to be under 18",
    "sexual": "Sexual things that I did not want",
    "harassment": "Harassment or bullying",
    "hate": "Hate against a group of people",
    "spam": "Spam or advertising",
    "scam": "A scam: after money, codes or passwords",
    "threat": "A threat of violence",
    "other": "Something else",
}
BLOCK_HINT: Final = "You are not matched with them again while both are here. They are told no more than that you left."
PARTED: Final = "Not while both of you are here. Your stranger was told no more than that you left."

ALARM: Final = (
    (
        "What your stranger's side said about the connection does not match what the server told you. The talk was "
        "ended before anything else could be read."
    ),
    "Believe nothing that was said in this talk, and send nothing on from it.",
    "If it happens again, do not use this server. Tell whoever runs it.",
    "A different network helps when the one you are on is not yours.",
)
BANNED_MAYBE: Final = (
    "It may be a mistake. It goes by the network address, which many people can share: at a school, in a café, with a "
    "phone company."
)
BANNED_REASONS: Final = {
    "pace": "too many actions in too short a time",
    "skips": "nearly everybody who was met was left at once",
    "silence": "nobody who was met got an answer",
    "protocol": "something was sent that no page of this server sends",
    "rhythm": "what was done came with the regularity of a machine",
    "reports": "several strangers reported what happened",
    "operator": "a person who runs this server decided so",
    "minor": "a person looked at reports that somebody under age may be in danger here",
}
BANNED_NO_CONTACT: Final = "They gave no address to write to."
BANNED_OTHER: Final = "something did not go by the rules of this server"

NO_TALK: Final = "There is nobody to say that to just now."
OVER_SAID: Final = "The talk is over, so nothing was sent. /next looks for somebody else."
NOT_COMMAND: Final = "There is no command /{}, and nothing was sent. /help shows them all; // says a line with a slash."
NOTHING_GOES_ON: Final = "Nothing goes on. /start looks for somebody, /quit leaves."
ALREADY: Final = "Somebody is being looked for already. /stop ends that."
NO_SUCH: Final = "There is no picture or voice note {} here."
NOTHING_TO_SAVE: Final = "There is no picture or voice note to keep."
NOTHING_COMES: Final = "Nothing of that number is still coming."
UNFIT: Final = {
    "type": "Only pictures can be sent so: JPEG, PNG, WebP, GIF or AVIF.",
    "size": "That picture is too big.",
    "unreadable": "That picture cannot be read.",
    "many": "That is a lot at once. Wait until some have arrived.",
}
WHICH_IMAGE: Final = "Say which picture: /image PATH"

_NOUN: Final[dict[ParcelWhat, str]] = {"image": "picture", "voice": "voice note"}


def met(stranger: str) -> str:
    """Two talk from here on."""
    return f"You met {stranger}. Say hello."


def common(tags: Sequence[str]) -> str:
    """Tell what both like."""
    return f"You both like: {', '.join(tags)}." if tags else "No topic in common: ask anything."


def ended(stranger: str, mood: str) -> str:
    """Tell how it ended, as it is told."""
    return f"{stranger} left." if mood == "left" else f"The connection to {stranger} was lost."


def undelivered(count: int) -> str:
    """Tell that lines of mine have not arrived; nothing where all have."""
    if count == 0:
        return ""
    return "Your last line was not delivered." if count == 1 else f"{count} of your lines were not delivered."


def too_long(over: int) -> str:
    """Tell that a line is too long by so many letters."""
    return f"That is {over} letter{'' if over == 1 else 's'} too many, and was not sent."


def typing(stranger: str) -> str:
    """Tell that they type."""
    return f"{stranger} is typing…"


def wishes_direct(stranger: str) -> str:
    """Tell that they would give up hiding their address."""
    return f"{stranger} would like to talk directly. From a terminal the way stays as it is."


def rang(stranger: str, *, video: bool) -> str:
    """Tell of a call that cannot be taken here."""
    how = "with video" if video else "by voice"
    return f"{stranger} would like to call you, {how}. A terminal cannot; they were told no. You can go on writing."


def noun(what: ParcelWhat) -> str:
    """Name a parcel."""
    return _NOUN[what]


def size(number: int) -> str:
    """Tell a size, as exactly as matters."""
    if number < 1_000:  # noqa: PLR2004
        return f"{number} bytes"
    return f"{number / 1_000:.0f} KB" if number < 999_500 else f"{number / 1_000_000:.1f} MB"  # noqa: PLR2004


def here(counts: Counts | None) -> str:
    """Tell how many are here."""
    if counts is None or counts.here == 0:
        return "Looking who is here…"
    few = 6
    if counts.here < few:
        return "A few people are here."
    talking = f", {counts.talking} of them talking" if counts.talking else ""
    return f"About {counts.here} people are here{talking}."


def usual(wait_s: int) -> str:
    """Tell how long people wait lately."""
    return f"Lately, most people found somebody within {durations.tell(wait_s)}."


def paused(reason: str, left_s: float) -> str:
    """Tell why nothing is wished for, and for how long."""
    when = within(left_s)
    return {
        "busy": f"Many are looking at once. You are next {when}.",
        "slow": f"A short pause: that was many strangers in little time. It goes on by itself {when}.",
        "stamp": f"The lobby is under strain and lets people in slowly. Trying again {when}.",
    }.get(reason, f"A short pause. It goes on by itself {when}.")


def away(left_s: float, *, talking: bool) -> str:
    """Tell that there is no connection to the lobby."""
    again = f"Trying again {within(left_s)}"
    if talking:
        return f"Reconnecting to the lobby… your talk goes on. {again}."
    return f"The lobby is out of reach. {again}."


def within(left_s: float) -> str:
    """Say when, counted from now."""
    return "at once" if left_s < 1 else f"in {durations.tell(left_s)}"


def confirm_folder(what: str, number: int, folder: str) -> str:
    """Ask before something is written where nobody said that it should be."""
    return (
        f"{what.capitalize()} {number} would be written into the folder that you are in. The same again does it; "
        f"/save {number} FOLDER chooses another. You are in {folder}"
    )


def saved(what: str, number: int, where: str) -> str:
    """Tell where it was written."""
    return f"{what.capitalize()} {number} was kept as {where}"


def sent(who: str, what: ParcelWhat, number: int, length: int, stand: str, stranger: str) -> str:
    """Tell where a picture or a voice note stands."""
    it, mine = noun(what), who == "me"
    if stand == "going":
        return f"Sending a {it}…" if mine else f"{stranger} sends {it} {number}, {size(length)}…"
    if stand == "here":
        return f"Your {it} has arrived." if mine else f"{it.capitalize()} {number} from {stranger}, {size(length)}"
    words = (_MINE if mine else _THEIRS).get(stand, "Nothing came of this {it}.")
    return words.format(it=it, name=f"{it} {number}")


_MINE: Final = {
    "stopped": "You stopped sending this {it}.",
    "size": "This {it} is too big for your stranger's side.",
    "type": "Your stranger's side cannot show this kind of {it}.",
    "unreadable": "Your stranger's side could not read this {it}.",
    "many": "Too much at once: this {it} was not taken. Wait a moment, then try again.",
    "unwanted": "Your stranger did not take this {it}.",
    "lost": "The talk ended before this {it} had arrived.",
}
_THEIRS: Final = {
    "stopped": "Your stranger stopped sending {name}.",
    "size": "A {it} that is too big was refused.",
    "type": "A {it} of a kind that is not taken here was refused.",
    "unreadable": "A {it} came that cannot be read.",
    "many": "Too much at once: {name} was not taken.",
    "unwanted": "You did not take {name}.",
    "lost": "The talk ended before {name} had arrived.",
    "old": "{name} was let go, to make room for newer ones.",
}
