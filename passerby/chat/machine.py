"""What happens at the terminal, decided: (what was typed, or has happened, now) -> effects. Pure; the shell is `guest`.

It knows where one is (`state`), the talk there is (`conversation`), and what each command means there. Both faces show
what is in here, and add nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final, get_args

from broker.messages import Counts, ReportReason
from passerby.chat import commands, harmless, texts
from passerby.chat.conversation import TEXT_MOST, Conversation, sendable
from passerby.chat.profile import tidy_name
from passerby.chat.state import (
    Ban,
    Block,
    Come,
    Decline,
    Effect,
    Halt,
    Keep,
    Look,
    Part,
    Phase,
    Quit,
    Refuse,
    Report,
    Say,
    Search,
    SendImage,
    Show,
    Type,
    Wishes,
)
from stranger import errors, events, news

KICK_S: Final = 60
"""A ban of no more than this is a moment's pause."""

YES: Final = frozenset({"y", "yes"})
NO: Final = frozenset({"n", "no"})


class Chat:
    """All that is known at the terminal.

    `word` is the newest thing to say where no talk is shown, and `words_said` counts them.

    Args:
        wishes: what was asked for.
        here: the folder that one is in.
    """

    def __init__(self, wishes: Wishes, here: Path) -> None:
        self.wishes, self.here = wishes, here
        self.phase = Phase.GATE
        self.nickname = wishes.name or wishes.suggestion
        self.talk: Conversation | None = None
        self.search: Search | None = None
        self.ban: Ban | None = None
        self.stopped = ""
        self.counts: Counts | None = None
        self.away_until: float | None = None
        self.word, self.words_said = "", 0
        self._save_asked: int | None = None
        self._save_agreed = False

    # ── what one does ────────────────────────────────────────────────────────────────────────────────────────────────

    def accept(self) -> list[Effect]:
        """Say yes at the gate."""
        if self.phase is not Phase.GATE:
            return []
        self.phase = Phase.NAMING
        return self.name(self.wishes.name) if self.wishes.name else []

    def name(self, typed: str) -> list[Effect]:
        """Take a name, and go there."""
        nickname = tidy_name(typed)
        if self.phase is not Phase.NAMING:
            return []
        if not nickname:
            self.answer(texts.NAME_MISSING)
            return []
        self.nickname = nickname
        return self._come()

    def type(self, now: float, *, empty: bool) -> list[Effect]:
        """Note a key in the box where one writes."""
        told = self.talk.type(now, empty=empty) if self.phase is Phase.TALKING and self.talk else None
        return [] if told is None else [Type(told)]

    def enter(self, typed: str, now: float) -> list[Effect]:
        """Take a line."""
        if self.phase is Phase.GATE:
            return self._answer_gate(typed)
        if self.phase is Phase.NAMING and not typed.lstrip().startswith("/"):
            return self.name(typed or self.nickname)
        match commands.read(typed):
            case commands.Say(text=text):
                return self._say(text)
            case commands.Command(name=name, rest=rest):
                return self.command(name, rest, now)
            case commands.Unknown(name=unknown):
                self.answer(texts.NOT_COMMAND.format(harmless.line(unknown)[:40]))
        return []

    def command(self, name: commands.Name, rest: str, now: float) -> list[Effect]:
        """Do what a command says."""
        do: dict[commands.Name, Callable[[], list[Effect]]] = {
            "help": lambda: [Show("help")],
            "words": self._show_words,
            "quit": lambda: [Quit()],
            "next": lambda: self.next(now),
            "start": lambda: self.next(now),
            "stop": self.stop,
            "who": self._who,
            "image": lambda: self._image(rest),
            "save": lambda: self.save(rest),
            "refuse": lambda: self._refuse(rest),
            "report": lambda: self._report(rest),
            "block": self.block,
        }
        return do[name]()

    def next(self, now: float) -> list[Effect]:
        """Look for somebody, and part from whoever there is. Of the last talk nothing is kept."""
        if self.phase in (Phase.LOOKING, Phase.CONNECTING):
            self.answer(texts.ALREADY)
        elif self.phase in (Phase.BANNED, Phase.STOPPED):
            return self.again(now)
        elif self.phase in (Phase.LOBBY, Phase.TALKING, Phase.OVER, Phase.PARTED, Phase.ALARM):
            parting: list[Effect] = [Part("skipped")] if self.phase is Phase.TALKING else []
            return [*parting, *self._look(now)]
        return []

    def stop(self) -> list[Effect]:
        """Part, or look no longer."""
        before = self.phase
        if before in (Phase.LOBBY, Phase.ARRIVING, Phase.NAMING, Phase.GATE, Phase.BANNED, Phase.STOPPED):
            self.answer(texts.NOTHING_GOES_ON)
            return []
        self._forget()
        self.phase = Phase.LOBBY
        if before is Phase.TALKING:
            return [Part("left")]
        return [Halt()] if before in (Phase.LOOKING, Phase.CONNECTING) else []

    def again(self, now: float) -> list[Effect]:
        """Try anew, as a new peer; of a ban not before its time is over."""
        if self.phase is Phase.STOPPED or (self.phase is Phase.BANNED and self.ban and now >= self.ban.until):
            return self._come()
        return []

    def report(self, reason: ReportReason, *, block: bool) -> list[Effect]:
        """Report the stranger of the talk that there is, or was."""
        return [Report(reason, block)] if self._has_talk() else []

    def block(self) -> list[Effect]:
        """Never meet them again."""
        return [Block()] if self._has_talk() else []

    def save(self, rest: str = "") -> list[Effect]:
        """Write something of the stranger's into a folder: never before it was said into which."""
        talk = self.talk
        first, _, after = rest.partition(" ")
        named = first.isdecimal()
        number, folder = (int(first), after.strip()) if named else (talk.newest if talk else None, rest)
        good = talk.good(number) if talk is not None and number is not None else None
        if number is None or good is None:
            self.answer(texts.NO_SUCH.format(first) if named else texts.NOTHING_TO_SAVE)
            return []
        if folder or self.wishes.save is not None:
            chosen = Path(folder).expanduser() if folder else self.wishes.save or self.here
            return [Keep(number, good, chosen)]
        if not self._save_agreed and self._save_asked != number:
            self._save_asked = number
            self.answer(texts.confirm_folder(texts.noun(good.what), number, harmless.line(str(self.here))))
            return []
        self._save_agreed = True
        return [Keep(number, good, self.here)]

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    def arrived(self, now: float) -> list[Effect]:
        """We are welcome."""
        return self._look(now) if self.phase is Phase.ARRIVING else []

    def heed(self, told: news.News, now: float) -> None:
        """Take what is told between talks."""
        search = self.search
        match told:
            case news.Here():
                self.away_until = None
            case news.Away(seconds=seconds):
                self.away_until = now + seconds
            case news.Looking() if search is not None:
                self.phase, search.pause, search.working = Phase.LOOKING, None, False
            case news.Working() if search is not None:
                search.working = True
            case news.Paused(reason=reason, seconds=seconds) if search is not None:
                search.pause = (reason, now + seconds)
            case news.Found() if search is not None:
                self.phase = Phase.CONNECTING
            case news.Missed() if search is not None:
                self.phase = Phase.LOOKING
                search.failures += 1
            case _:
                pass

    def met(self, conversation: Conversation) -> None:
        """A talk has begun."""
        self.phase, self.search, self.talk = Phase.TALKING, None, conversation

    def hear(self, event: events.Event, now: float) -> list[Effect]:
        """Take what the talk tells."""
        if self.phase is not Phase.TALKING or self.talk is None:
            return []
        if isinstance(event, events.Over):
            self.parted(event.mood)
        elif isinstance(event, events.Alarm):
            self.alarm()
        else:
            self.talk.hear(event, now)
        return [Decline()] if isinstance(event, events.Rang) else []

    def parted(self, mood: str) -> None:
        """The talk is over, and not by my wish."""
        if self.phase is Phase.TALKING and self.talk is not None:
            self.talk.finish("left" if mood == "left" else "lost")
            self.phase = Phase.OVER

    def alarm(self) -> None:
        """Somebody sits between the two."""
        self._forget()
        self.phase = Phase.ALARM

    def reported(self, *, done: bool) -> None:
        """The report was taken, or it was too late."""
        self.answer(texts.REPORTED if done else texts.LATE)

    def blocked(self, *, done: bool) -> None:
        """The two do not meet again, or it was too late to say so."""
        if done:
            self._forget()
            self.phase = Phase.PARTED
        else:
            self.answer(texts.LATE)

    def failed(self, error: Exception, now: float) -> None:
        """Nothing comes of it; why is said."""
        self._forget()
        match error:
            case errors.ShutOut():
                until, kick = now + error.seconds, error.seconds <= KICK_S
                self.ban = Ban(error.reason, until, kick, error.code, error.contact)
                self.phase = Phase.BANNED
            case errors.Intruder():
                self.phase = Phase.ALARM
            case errors.NoRelay():
                self.phase = Phase.LOBBY
                self.answer(f"{_sentence(error)} Your stranger was told no address of yours. Without --hide it goes.")
            case _:
                self.stopped = _sentence(error)
                self.phase = Phase.STOPPED

    def tick(self, now: float) -> list[Effect]:
        """Let time pass."""
        if self.search is not None and self.search.pause and now >= self.search.pause[1]:
            self.search.pause = None
        return [Type(on=False)] if self.talk is not None and self.talk.tick(now) else []

    def answer(self, text: str) -> None:
        """Say something to who is here: in the talk, or where there is none, beside what is shown."""
        if self.talk is not None:
            self.talk.note(text)
        else:
            self.word, self.words_said = text, self.words_said + 1

    # ── its parts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _answer_gate(self, typed: str) -> list[Effect]:
        said = typed.strip().lower().lstrip("/")
        if said in YES:
            return self.accept()
        if said in NO or said in ("quit", "q"):
            return [Quit()]
        self.answer("Say yes or no.")
        return []

    def _come(self) -> list[Effect]:
        self._forget()
        self.ban, self.stopped, self.away_until = None, "", None
        self.phase = Phase.ARRIVING
        return [Come(self.nickname)]

    def _look(self, now: float) -> list[Effect]:
        self._forget()
        self.phase, self.search = Phase.LOOKING, Search(now)
        return [Look()]

    def _forget(self) -> None:
        self.talk = self.search = self._save_asked = None
        self.word = ""

    def _has_talk(self) -> bool:
        if self.talk is None:
            self.answer(texts.NO_TALK)
        return self.talk is not None

    def _say(self, typed: str) -> list[Effect]:
        text = sendable(typed)
        if not text:
            return []
        if self.phase is not Phase.TALKING or self.talk is None:
            self.answer(texts.OVER_SAID if self.phase is Phase.OVER else texts.NO_TALK)
            return []
        if len(text) > TEXT_MOST:
            self.answer(texts.too_long(len(text) - TEXT_MOST))
            return []
        self.talk.say(text)
        return [Say(text)]

    def _show_words(self) -> list[Effect]:
        return [Show("words")] if self._has_talk() else []

    def _who(self) -> list[Effect]:
        self.answer(texts.here(self.counts))
        return []

    def _image(self, rest: str) -> list[Effect]:
        if self.phase is not Phase.TALKING:
            self.answer(texts.NO_TALK)
            return []
        if not rest:
            self.answer(texts.WHICH_IMAGE)
            return []
        return [SendImage(Path(_unquoted(rest)).expanduser())]

    def _refuse(self, rest: str) -> list[Effect]:
        nth = self.talk.coming(int(rest)) if self.talk is not None and rest.isdecimal() else None
        if nth is None:
            self.answer(texts.NOTHING_COMES)
            return []
        return [Refuse(nth)]

    def _report(self, rest: str) -> list[Effect]:
        if not self._has_talk():
            return []
        first, _, more = rest.lower().partition(" ")
        for reason in get_args(ReportReason):
            if first == reason:
                return self.report(reason, block=more.strip() == "block")
        return [Show("report")]


def _sentence(error: Exception) -> str:
    text = harmless.line(str(error)).strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _unquoted(path: str) -> str:
    """Read a path as terminals put it down when a file is dropped on them: in quotes, or with escaped spaces."""
    if len(path) > 1 and path[0] == path[-1] and path[0] in "'\"":
        return path[1:-1]
    return path.replace("\\ ", " ")
