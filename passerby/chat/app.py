"""The chat as an app of textual. The first face: it shows what the machine holds, and hands on what is typed.

It keeps nothing: what is on the screen is made anew from the machine whenever that has changed. The screen is the
terminal's second one, so that nothing stays behind in the first.
"""

import os
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Button, ContentSwitcher, Footer, Input

from passerby.chat import look, texts
from passerby.chat.dialogs import Help, Report, Words
from passerby.chat.guest import Guest, now
from passerby.chat.letters import letter
from passerby.chat.letterview import LetterView
from passerby.chat.state import Phase, Show
from passerby.chat.talkview import Box, TalkView

_TALK = (Phase.TALKING, Phase.OVER)
_IN: dict[str, tuple[Phase, ...]] = {
    "next": (Phase.LOBBY, *_TALK, Phase.PARTED, Phase.ALARM),
    "stop": (*_TALK, Phase.LOOKING, Phase.CONNECTING, Phase.PARTED, Phase.ALARM),
    "words": _TALK,
    "report": _TALK,
    "save": _TALK,
}


class ChatApp(App[None], inherit_bindings=False):
    """The screen. `guest` is set before it runs."""

    CSS = look.CSS
    TITLE = texts.NAME
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [
        Binding("ctrl+n", "next", "Next", priority=True),
        Binding("ctrl+t", "stop", "Stop", priority=True),
        Binding("f1", "help", "Help", priority=True),
        Binding("ctrl+o", "words", "Check", priority=True),
        Binding("ctrl+s", "save", "Save", priority=True),
        Binding("ctrl+r", "report", "Report", priority=True),
        Binding("ctrl+q", "quit", "Leave", priority=True),
        Binding("ctrl+c", "help_quit", show=False, system=True),
        Binding("ctrl+l", "light", "Light or dark", show=False, priority=True),
    ]

    class Changed(Message):
        """The machine has changed."""

    guest: Guest

    def __init__(self) -> None:
        super().__init__()
        self.broken: str | None = None
        self._stale = False
        self._phase: Phase | None = None
        for theme in look.THEMES:
            self.register_theme(theme)
        self.theme = look.theme_for(os.environ)

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with ContentSwitcher(initial="letter"):
            yield LetterView()
            yield TalkView()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show what there is."""
        self.on_chat_app_changed()

    # ── what the guest tells ─────────────────────────────────────────────────────────────────────────────────────────

    def changed(self) -> None:
        """Look again, soon: it may come from anywhere, and often."""
        if self.is_running and not self._stale:
            self._stale = True
            self.post_message(self.Changed())

    def show(self, what: Show) -> None:
        """Open it."""
        talk = self.guest.chat.talk
        if len(self.screen_stack) > 1:
            self.pop_screen()
        if what.what == "help":
            self.push_screen(Help())
        elif what.what == "words" and talk is not None:
            self.push_screen(Words(talk))
        elif what.what == "report":
            self.push_screen(Report(), self._report)

    def end(self) -> None:
        """Close."""
        self.exit()

    def on_chat_app_changed(self) -> None:
        """Draw what has changed."""
        self._stale = False
        chat = self.guest.chat
        switch, letters = self.query_one(ContentSwitcher), self.query_one(LetterView)
        talk = self.query_one(TalkView)
        if chat.talk is not None:
            away = chat.away_until
            hint = texts.away(away - now(), talking=True) if away is not None and not chat.talk.over else ""
            talk.look(chat.talk, hint or (texts.OVER if chat.talk.over else ""))
            switch.current = "talk"
        else:
            if switch.current == "talk":
                talk.forget()
            switch.current = "letter"
            if (shown := letter(chat, now())) is not None:
                letters.look(chat, shown)
        if chat.phase is not self._phase:
            self._moved(chat.phase)

    def _moved(self, phase: Phase) -> None:
        before, self._phase = self._phase, phase
        self.refresh_bindings()
        if len(self.screen_stack) > 1 and phase not in _TALK:
            self.pop_screen()
        if phase in _TALK and before not in _TALK:
            self.query_one(Box).focus()

    # ── what one does ────────────────────────────────────────────────────────────────────────────────────────────────

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer what can be done where one is."""
        return action not in _IN or self.guest.chat.phase in _IN[action]

    @on(Box.Entered)
    def entered(self, event: Box.Entered) -> None:
        """Take a line."""
        self.guest.enter(event.text)

    @on(Box.Typed)
    def typed(self, event: Box.Typed) -> None:
        """Note a key."""
        self.guest.type(empty=event.empty)

    @on(Input.Submitted, "#name")
    def named(self, event: Input.Submitted) -> None:
        """Take a name."""
        self.guest.enter(event.value)

    @on(Button.Pressed, "#deeds Button")
    def pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        deed = (event.button.name or "").strip()
        self.guest.enter(deed if deed == "yes" else f"/{deed}")

    def action_next(self) -> None:
        """Part, and look for somebody else."""
        self.guest.do(lambda chat, at: chat.next(at))

    def action_stop(self) -> None:
        """Part, or look no longer."""
        self.guest.do(lambda chat, _: chat.stop())

    def action_words(self) -> None:
        """Show the check words."""
        self.guest.enter("/words")

    def action_report(self) -> None:
        """Report the stranger."""
        self.guest.enter("/report")

    def action_save(self) -> None:
        """Keep the newest picture."""
        self.guest.do(lambda chat, _: chat.save())

    def action_help(self) -> None:
        """Show keys and commands."""
        self.show(Show("help"))

    def action_light(self) -> None:
        """Change between light and dark."""
        self.theme = look.DAY if self.theme == look.EVENING else look.EVENING

    def _report(self, told: tuple[str, bool] | None) -> None:
        if told is not None:
            reason, block = told
            self.guest.enter(f"/report {reason}{' block' if block else ''}")

    # ── what breaks ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _fatal_error(self) -> None:
        """Close, and tell nothing of it: textual would print all variables, and so what was said."""
        self.broken = type(self._exception).__name__
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:  # noqa: ARG002  they may quote what was said
        """Close in the same way."""
        self._fatal_error()
