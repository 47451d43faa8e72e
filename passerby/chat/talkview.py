"""The talk on the screen: whom with, what was said, who types, and the box to write in. It shows, and decides nothing.

What a stranger sent is handed to textual as `Content`, which reads no markup.
"""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from passerby.chat import texts
from passerby.chat.conversation import Conversation, Line, Note, Sent, Spoken
from passerby.chat.plain import sent

_NEW_LINE = frozenset({"shift+enter", "alt+enter", "ctrl+j"})


class Box(TextArea):
    """Where one writes. Enter sends; ^J, or Alt and Enter, begin a new line."""

    class Entered(Message):
        """Something is to be sent."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Typed(Message):
        """A key was pressed."""

        def __init__(self, *, empty: bool) -> None:
            super().__init__()
            self.empty = empty

    def __init__(self) -> None:
        super().__init__(id="box", soft_wrap=True, show_line_numbers=False, tab_behavior="focus", compact=False)
        self.placeholder = "Something kind…  Enter sends, ^J begins a new line."
        self.highlight_cursor_line = False

    def forget(self) -> None:
        """Empty it, and let no undoing bring back what was in it."""
        self.load_text("")

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()
            event.stop()
            text = self.text
            self.forget()
            self.post_message(self.Entered(text))
        elif event.key in _NEW_LINE:
            event.prevent_default()
            event.stop()
            self.insert("\n")
        else:
            await super()._on_key(event)

    def on_text_area_changed(self) -> None:
        """Tell that something is being written."""
        self.post_message(self.Typed(empty=not self.text.strip()))


class LineView(Static):
    """A line of the log."""

    def __init__(self, line: Line, *, first: bool) -> None:
        super().__init__(markup=False)
        self._first = first
        self.shown: Content | None = None
        self.settled = False
        self.add_class("note" if isinstance(line, Note) else line.who)
        self.set_class(first and not isinstance(line, Note), "first")

    def look(self, line: Line, talk: Conversation) -> None:
        """Show how it stands by now."""
        if self.settled:
            return
        self.settled = isinstance(line, Note) or (isinstance(line, Spoken) and (line.arrived or line.who != "me"))
        content = _content(line, talk, first=self._first)
        if content != self.shown:
            self.shown = content
            self.update(content)


class TalkView(Vertical):
    """The talk that there is, or the one that just ended."""

    BINDINGS: ClassVar = [
        ("pageup", "scroll(-1)", ""),
        ("pagedown", "scroll(1)", ""),
    ]

    def __init__(self) -> None:
        super().__init__(id="talk")
        self._talk: Conversation | None = None
        self._views: dict[int, LineView] = {}
        self._written: dict[str, Content] = {}

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(id="head", markup=False)
        log = VerticalScroll(id="log")
        log.can_focus = False
        yield log
        yield Static(id="typing", markup=False)
        yield Box()

    def look(self, talk: Conversation, hint: str) -> None:
        """Show how it stands by now; `hint` is what there is to say beside it."""
        log = self.query_one("#log", VerticalScroll)
        if talk is not self._talk:
            self.forget()
            self._talk = talk
            log.anchor()
        over = "  ·  the talk is over" if talk.over else ""
        hides = "  ·  they hide their address" if talk.hides else ""
        self._write("#head", Content.assemble("Talking with ", (talk.stranger, "bold"), over or hides))
        self._write("#typing", Content(texts.typing(talk.stranger) if talk.they_type else hint))
        self._look_lines(log, talk)

    def forget(self) -> None:
        """Let go of all that was shown of a talk, and of what was about to be said in it."""
        self._talk = None
        self._views.clear()
        self.query_one("#log", VerticalScroll).remove_children()
        for name in ("#head", "#typing"):
            self._write(name, Content(""))
        self.query_one(Box).forget()

    def action_scroll(self, pages: int) -> None:
        """Read what was said before."""
        log = self.query_one("#log", VerticalScroll)
        log.scroll_relative(y=pages * max(1, log.size.height - 1), animate=False)

    def _write(self, where: str, content: Content) -> None:
        """Write what is new; a terminal far away should not get the same all the time."""
        if self._written.get(where) != content:
            self._written[where] = content
            self.query_one(where, Static).update(content)

    def _look_lines(self, log: VerticalScroll, talk: Conversation) -> None:
        there = {line.id for line in talk.lines}
        for number in [number for number in self._views if number not in there]:
            self._views.pop(number).remove()
        new: list[LineView] = []
        before: Line | None = None
        for line in talk.lines:
            view = self._views.get(line.id)
            if view is None:
                view = self._views[line.id] = LineView(line, first=_who(before) != _who(line))
                new.append(view)
            view.look(line, talk)
            before = line
        if new:
            log.mount_all(new)


def _who(line: Line | None) -> str:
    return "note" if line is None or isinstance(line, Note) else line.who


def _content(line: Line, talk: Conversation, *, first: bool) -> Content:
    if isinstance(line, Note):
        return Content(line.text)
    who, colour = ("You", "$primary") if line.who == "me" else (talk.stranger, "$secondary")
    name = [Content.styled(who, f"bold {colour}"), Content("\n")] if first else []
    if isinstance(line, Sent):
        keep = f"   /save {line.number} keeps it" if line.who == "stranger" and line.stand == "here" else ""
        return Content("").join([*name, Content(sent(line, talk)), Content.styled(keep, "$soft")])
    return Content("").join([*name, Content(line.text), _tick(line, talk)])


def _tick(line: Spoken, talk: Conversation) -> Content:
    if line.who == "stranger":
        return Content("")
    if line.arrived:
        return Content.styled("  ✓", "$success")
    return Content.styled("  not delivered", "$error") if talk.over else Content.styled("  …", "$soft")
