"""A screen on which nobody talks: a title, some words, and what can be done."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from passerby.chat import texts
from passerby.chat.letters import Letter
from passerby.chat.machine import Chat
from passerby.chat.state import Phase


class LetterView(VerticalScroll, can_focus=False):
    """Shows one letter after another."""

    def __init__(self) -> None:
        super().__init__(id="letter")
        self._phase: Phase | None = None
        self._deeds: tuple[tuple[str, str], ...] = ()
        self._written: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(id="card"):
            yield Static(id="title", markup=False)
            yield Static(id="text", markup=False)
            yield Static(id="points", markup=False)
            yield Static(f"{texts.AGREE} {texts.UNTOUCHED}", id="agree", markup=False)
            yield Input(id="name", max_length=64, select_on_focus=True)
            yield Static(id="word", markup=False)
            yield Horizontal(id="deeds")

    def look(self, chat: Chat, letter: Letter) -> None:
        """Show a letter."""
        self._write("title", letter.title)
        self._write("text", "\n\n".join(filter(None, (*letter.text, letter.passing))))
        self._write("points", "\n".join(f"· {point}" for point in letter.points))
        self._write("word", chat.word)
        self.query_one("#agree").set_class(chat.phase is not Phase.GATE, "none")
        name = self.query_one("#name", Input)
        name.set_class(chat.phase is not Phase.NAMING, "none")
        moved, self._phase = chat.phase is not self._phase, chat.phase
        if moved and chat.phase is Phase.NAMING:
            name.value = chat.nickname
            name.focus()
        if moved or letter.deeds != self._deeds:
            self._deeds = letter.deeds
            self.call_later(self._offer, letter.deeds)

    async def _offer(self, deeds: tuple[tuple[str, str], ...]) -> None:
        place = self.query_one("#deeds", Horizontal)
        await place.remove_children()
        buttons = [Button(Content(called), name=deed) for deed, called in deeds]
        await place.mount_all(buttons)
        if buttons:
            buttons[0].focus()

    def _write(self, where: str, text: str) -> None:
        """Write what is new; a terminal far away should not get the same all the time."""
        if self._written.get(where) == text:
            return
        self._written[where] = text
        part = self.query_one(f"#{where}", Static)
        part.set_class(not text, "none")
        part.update(Content(text))
