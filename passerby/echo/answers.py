"""What the bot does about what it is told, in words of its own. Pure; `conversation` does it.

It knows a few words, and says everything else back. It never claims to be a person, and never asks for anything.
"""

import re
from dataclasses import dataclass
from typing import Final

from passerby.echo import MARK
from stranger.events import Arrived
from stranger.talk import TEXT_MOST

NAME_MOST: Final = 32 - len(MARK)


@dataclass(frozen=True, slots=True)
class Say:
    """Say a line."""

    text: str


@dataclass(frozen=True, slots=True)
class SendPicture:
    """Make up a picture and send it."""


@dataclass(frozen=True, slots=True)
class SendVoice:
    """Make up a tune and send it as a voice note."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Call."""

    video: bool


@dataclass(frozen=True, slots=True)
class PickUp:
    """Take a call of theirs."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True, slots=True)
class SayWords:
    """Tell the check words of this talk."""


@dataclass(frozen=True, slots=True)
class Leave:
    """End the talk."""


@dataclass(frozen=True, slots=True)
class SendBack:
    """Send back what came."""

    came: Arrived


Deed = Say | SendBack | SendPicture | SendVoice | Ring | PickUp | HangUp | SayWords | Leave

GREETING: Final = (
    Say("Hello! I am a bot: a program, no person. I say back what you say, and send back pictures and voice notes."),
    Say(
        "I also know these words: picture, voice, call me, words, help, bye. When you would rather meet a person, "
        "press Next."
    ),
)
HELP: Final = (
    Say(
        "“picture”: I draw one for you. “voice”: I hum a tune. “call me”, or “video call”: I ring. “words”: I tell the "
        "check words that I see. “bye”: I leave. Anything else I say back. You can also send me pictures and voice "
        "notes, call me, or press Next."
    ),
)
SOMEBODY_WAITS: Final = (Say("Somebody else is waiting just now. Press Next if you would like to meet them."),)
STILL_THERE: Final = (Say("Are you still there? In a minute I leave, so that I am free for others."),)
TOO_LONG: Final = (Say("I leave now. Come back whenever you like. Bye!"), Leave())
STOPPED: Final = "I have to go: whoever runs me has stopped me. Bye!"
TOO_MANY: Final = Say("You are faster than I am, so I left some of that out.")
CAME: Final = {
    "image": Say("Thank you! Here it is again, drawn anew."),
    "voice": Say("Thank you! This is how you sound from here."),
}
NOT_READ: Final = (Say("That did not arrive as something that I can see or hear."),)
CALLED: Final = {
    False: (Say("We are in a call: what I hear I send back, so you hear yourself."),),
    True: (Say("We are in a call: what I hear and see I send back, so you hear and see yourself."),),
}
LONG_CALL: Final = (Say("That was a long call. I hang up, and we can go on in words."), HangUp())
CALL_ENDED: Final = (Say("Thank you for the call."),)
CALL_DECLINED: Final = (Say("Another time, then."),)
NOT_TAKEN: Final = (Say("You did not take it: that is fine."),)

_LOOK: Final = (Say("One moment, I draw you one."), SendPicture())
_LISTEN: Final = (Say("One moment, I hum something."), SendVoice())
_ANSWERS: Final[tuple[tuple[str, tuple[Deed, ...]], ...]] = (
    (r"(show |send |draw )?(me )?(a |another )?(picture|image|photo)( please)?", _LOOK),
    (r"(send |hum |sing )?(me )?(a |another )?(voice|voice note|sound|song|tune)( please)?", _LISTEN),
    (r"(please )?(video call|call with video|video)( me)?( please)?|call me with video( please)?", (Ring(video=True),)),
    (r"(please )?(voice call|call|ring)( me)?( please)?", (Ring(video=False),)),
    (r"(check )?words", (SayWords(),)),
    (r"help|what can you do", HELP),
    (r"(good ?)?bye( bye)?|see you|cu|ciao", (Say("Bye! It was nice to talk with you."), Leave())),
    (r"thanks|thank you( very much)?|thx", (Say("You are welcome."),)),
    (
        r"(are you|is this|you are) (really )?(a )?(bot|robot|program|human|person|real|ai).*|who are you|what are you",
        (Say("I am a bot: a small program that says things back. I keep nothing of what you say."),),
    ),
)
_HELLO: Final = re.compile(r"(hello|hi|hey|hallo|good (morning|evening|day))( there| echo| bot)?")
_BACK: Final = ("“{text}”, says the echo.", "You said “{text}”.", "“{text}”: I could not have said it better.")
_ASKED: Final = ("“{text}” I wish I knew.", "“{text}” That is one for a person: I only say things back.")


def words(seen: tuple[str, ...]) -> str:
    """Tell the check words, and what it is worth to be told them so."""
    if not seen:
        return "There are no check words in this talk, so nobody can say whether somebody sits between us."
    return (
        f"I see: {', '.join(seen)}. They are the same at “Check the connection”. To rely on that, two people compare "
        "them by voice: whoever sits between them could change what is written here."
    )


def nickname(name: str) -> str:
    """Give the name that strangers see.

    Raises:
        ValueError: when it is empty or longer than `NAME_MOST` letters.
    """
    before = " ".join(name.split()).removesuffix(MARK.strip()).strip()
    if not 1 <= len(before) <= NAME_MOST:
        raise ValueError(f"a name has 1 to {NAME_MOST} letters, and{MARK} is put behind it")
    return before + MARK


def is_bot(name: str) -> bool:
    """Tell whether a stranger of this name is one of us: two of them would talk for ever."""
    return name.endswith(MARK)


def answer(text: str, stranger: str, nth: int) -> tuple[Deed, ...]:
    """Tell what to do about a line.

    Args:
        text: what was said.
        stranger: who said it.
        nth: how many lines came before it; what is said back is worded in turns.
    """
    plain = " ".join(re.sub(r"[^\w ]", " ", text.casefold()).split())
    for pattern, deeds in _ANSWERS:
        if re.fullmatch(pattern, plain):
            return deeds
    if _HELLO.fullmatch(plain):
        return (Say(f"Hello, {stranger}! What you say, I say back."),)
    wordings = _ASKED if text.rstrip().endswith("?") else _BACK
    back = wordings[nth % len(wordings)].format(text=text.strip())
    return (Say(back if len(back) <= TEXT_MOST else text),)


def pause_s(text: str, dice: float) -> float:
    """Tell for how long to type a line, in seconds; `dice` is from 0 to 1. As a person would, and a bit faster."""
    return min(2.5, 0.5 + 0.012 * len(text)) * (0.8 + 0.4 * dice)
