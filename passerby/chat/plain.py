"""The chat as lines: for screen readers, for pipes, and for terminals that can do no more. The second face.

What is read are lines and commands; what happens is printed, each thing once, and nothing is ever drawn over.

    Bo: a line of the stranger's
      | and how it goes on, so that no line of theirs can be taken for one of ours
    * what is told by us
"""

import asyncio
import contextlib
import threading
from typing import Final, TextIO

from passerby.chat import commands, texts
from passerby.chat.conversation import Conversation, Note, Sent, Spoken
from passerby.chat.guest import Guest, Make, now
from passerby.chat.letters import FAILURES, Letter, letter
from passerby.chat.machine import Chat
from passerby.chat.state import Phase, Show, Wishes

HOW: Final = "What you type is sent at Enter. /next, /stop and /help are commands."
_ASKS: Final = {
    Phase.GATE: f"{texts.AGREE} {texts.UNTOUCHED} Type yes to come in, or no.",
    Phase.NAMING: "Type a name, or nothing but Enter for {}.",
}


class Plain:
    """Prints what is new since it looked last."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self.ended = asyncio.Event()
        self.chat: Chat | None = None
        self._talk: Conversation | None = None
        self._seen: dict[int, str] = {}
        self._typing_told = False
        self._letter: tuple[object, ...] = ()
        self._words = 0
        self._away = False

    def changed(self) -> None:
        """Print what is new."""
        chat = self.chat
        if chat is None or self.ended.is_set():
            return
        if chat.talk is not None:
            self._print_talk(chat, chat.talk)
        else:
            self._talk = None
            self._print_letter(chat)
        if chat.words_said != self._words:
            self._words = chat.words_said
            self._tell(chat.word)

    def show(self, what: Show) -> None:
        """Print what was asked for."""
        chat = self.chat
        if what.what == "help":
            for name, usage in commands.COMMANDS.items():
                self._tell(f"/{name} {usage.arguments}".strip() + f": {usage.does}.")
        elif what.what == "report":
            self._tell(texts.REPORT_LEAD)
            self._tell("Type /report and one of these words, and block after it to block them, too:")
            for reason, meaning in texts.REASONS.items():
                self._tell(f"{reason}: {meaning}.")
        elif chat is not None and chat.talk is not None:
            for text in check_words(chat.talk):
                self._tell(text)

    def end(self) -> None:
        """Print no more."""
        self.ended.set()

    def _print_letter(self, chat: Chat) -> None:
        """Print it when it says something else than before; that time passes is no news."""
        shown, search, at = letter(chat, now()), chat.search, now()
        key = (
            chat.phase,
            chat.away_until is not None,
            search and (search.since, search.pause, search.working, search.failures >= FAILURES),
            chat.ban is not None and at >= chat.ban.until,
        )
        if shown is not None and key != self._letter:
            self._letter = key
            self._print_parts(shown)
            if ask := _ASKS.get(chat.phase):
                self._tell(ask.format(chat.nickname))

    def _print_parts(self, shown: Letter) -> None:
        self._tell(shown.title)
        for text in (*shown.text, *shown.points):
            self._tell(text)
        if all(deed in commands.COMMANDS for deed, _ in shown.deeds):
            self._tell(", ".join(f"/{deed}: {called}" for deed, called in shown.deeds))

    def _print_talk(self, chat: Chat, talk: Conversation) -> None:
        if talk is not self._talk:
            self._talk, self._seen, self._typing_told, self._letter = talk, {}, False, ()
            self._tell(HOW)
        for line in talk.lines:
            if isinstance(line, Spoken) and line.who == "me":
                continue  # it was typed here
            if line.id not in self._seen or isinstance(line, Sent):
                self._print_line(line, talk)
        if talk.they_type and not self._typing_told:
            self._typing_told = True
            self._tell(texts.typing(talk.stranger))
        away = chat.away_until is not None
        if away and not self._away and chat.away_until is not None:
            self._tell(texts.away(chat.away_until - now(), talking=True))
        self._away = away

    def _print_line(self, line: Spoken | Sent | Note, talk: Conversation) -> None:
        match line:
            case Spoken(id=number, text=text):
                self._seen[number] = text
                self._typing_told = False
                self._say(f"{talk.stranger}: " + text.replace("\n", "\n  | "))
            case Sent():
                text = sent(line, talk)
                if self._seen.get(line.id) != text:
                    self._seen[line.id] = text
                    keep = f" /save {line.number} keeps it." if line.who == "stranger" and line.stand == "here" else ""
                    self._tell(f"{text}{keep}")
            case Note(id=number, text=text):
                self._seen[number] = text
                self._tell(text)

    def _tell(self, text: str) -> None:
        if text:
            self._say("* " + text.replace("\n", "\n  | "))

    def _say(self, text: str) -> None:
        try:
            print(text, file=self._out, flush=True)
        except OSError:  # nobody reads any more
            self.end()


def sent(line: Sent, talk: Conversation) -> str:
    """Tell where a picture or a voice note stands."""
    return texts.sent(line.who, line.what, line.number, line.size, line.stand, talk.stranger)


def check_words(talk: Conversation) -> tuple[str, ...]:
    """Tell the check words, and what they are for; or why there are none."""
    if talk.words is None:
        return (texts.WORDS_COMING,)
    if not talk.words:
        return (texts.WORDS_MISSING,)
    words = " · ".join(f"{word} {number}" for number, word in talk.words)
    return (words, texts.WORDS_LEAD, texts.WORDS_HOW)


async def chat(wishes: Wishes, make: Make, lines: TextIO, out: TextIO) -> Guest:
    """Chat until one leaves, or nothing more is to be read; gives how it ended."""
    face = Plain(out)
    guest = Guest(wishes, make, face)
    face.chat = guest.chat
    typed = _read(lines)
    async with guest.staying():
        ended = asyncio.create_task(face.ended.wait())
        while not face.ended.is_set():
            coming = asyncio.create_task(typed.get())
            await asyncio.wait([ended, coming], return_when=asyncio.FIRST_COMPLETED)
            line = coming.result() if coming.done() else None
            coming.cancel()
            if line is None:
                break
            guest.enter(line)
        await guest.sent()
        ended.cancel()
    return guest


def _read(lines: TextIO) -> asyncio.Queue[str | None]:
    """Read lines as they come; None at the end. In a thread, as nothing else reads files, pipes and terminals alike."""
    loop, typed = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone, and so is who wanted them
            try:
                for line in lines:
                    loop.call_soon_threadsafe(typed.put_nowait, line.rstrip("\r\n"))
            except (OSError, ValueError):  # closed meanwhile
                pass
            loop.call_soon_threadsafe(typed.put_nowait, None)

    threading.Thread(target=read, name="lines", daemon=True).start()
    return typed
