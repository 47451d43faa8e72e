"""What opens over the talk and closes with Escape: check words, a report, and help."""

from collections.abc import Iterable
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from broker.messages import ReportReason
from passerby.chat import commands, texts
from passerby.chat.conversation import Conversation
from passerby.chat.plain import check_words

KEYS = (
    ("Enter", "send what you wrote; ^J, or Alt and Enter, begin a new line"),
    ("Page up, down", "read what was said before"),
    ("^N  ^T", "next, stop"),
    ("^O  ^R  ^S", "check words, report, keep the newest picture or voice note"),
    ("^L", "light or dark"),
)


class Dialog(ModalScreen[None]):
    """One that tells something."""

    BINDINGS: ClassVar = [("escape", "dismiss", "Close"), ("enter", "dismiss", "Close")]
    AUTO_FOCUS = "#dialog"
    title_text = ""

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with VerticalScroll(id="dialog"):
            yield Static(self.title_text, classes="title", markup=False)
            yield from self.parts()
            yield Static("Escape closes.", classes="soft", markup=False)

    def parts(self) -> ComposeResult:
        """Say what there is to say."""
        yield from ()


class Words(Dialog):
    """The check words. They may come while it is open."""

    title_text = "Is anybody between you?"

    def __init__(self, talk: Conversation) -> None:
        super().__init__()
        self._talk = talk

    def parts(self) -> ComposeResult:
        """Show them, and what they are for."""
        yield Static(id="words", markup=False)

    def on_mount(self) -> None:
        """Look again now and then."""
        self._look()
        self.set_interval(0.5, self._look)

    def _look(self) -> None:
        first, *more = check_words(self._talk)
        shown = [Content.styled(first, "bold $secondary"), *map(Content, more)]
        self.query_one("#words", Static).update(Content("\n\n").join(shown))


class Help(Dialog):
    """Keys and commands."""

    title_text = "Keys and commands"

    def parts(self) -> ComposeResult:
        """List them."""
        yield Static(_listed(KEYS))
        known = ((f"/{name} {usage.arguments}".strip(), usage.does) for name, usage in commands.COMMANDS.items())
        yield Static(_listed(known))


class Report(ModalScreen[tuple[ReportReason, bool] | None]):
    """Why, and whether to block, too."""

    BINDINGS: ClassVar = [("escape", "dismiss", "Close")]
    AUTO_FOCUS = "OptionList"

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with VerticalScroll(id="dialog", can_focus=False):
            yield Static("Report your stranger", classes="title", markup=False)
            yield Static(texts.REPORT_LEAD, markup=False)
            yield OptionList(*(Option(meaning, id=reason) for reason, meaning in texts.REASONS.items()), markup=False)
            yield Static(f"To block: {texts.BLOCK_HINT[0].lower()}{texts.BLOCK_HINT[1:]}", markup=False)
            with Horizontal():
                yield Button("Report", id="send")
                yield Button("Report and block", id="block")
                yield Button("Cancel", id="cancel")

    def on_option_list_option_selected(self) -> None:
        """Go on to what else there is to say."""
        self.query_one("#send", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Report, or not."""
        chosen = self.query_one(OptionList).highlighted
        if event.button.id == "cancel" or chosen is None:
            self.dismiss(None)
        else:
            self.dismiss((list(texts.REASONS)[chosen], event.button.id == "block"))


def _listed(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for left, right in rows:
        table.add_row(Text(left, style="bold"), Text(right))
    return table
