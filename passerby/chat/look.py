"""How the app looks: the page's paper and clay by day, its lamp in the evening (decision 28), as themes of textual."""

import os
from typing import Final

from textual.theme import Theme

DAY: Final = "passerby-day"
EVENING: Final = "passerby-evening"

THEMES: Final = (
    Theme(
        name=DAY,
        dark=False,
        primary="#a8452a",
        secondary="#2c6170",
        accent="#a8452a",
        foreground="#2d2620",
        background="#faf4ea",
        surface="#fffdf9",
        panel="#f3e9da",
        success="#3f7a56",
        warning="#a3271f",
        error="#a3271f",
        variables={
            "soft": "#695d52",
            "edge": "#8b7d6c",
            "block-cursor-foreground": "#fffaf5",
            "footer-key-foreground": "#a8452a",
            "footer-background": "#f3e9da",
            "footer-foreground": "#2d2620",
            "footer-description-foreground": "#2d2620",
        },
    ),
    Theme(
        name=EVENING,
        dark=True,
        primary="#ec9a74",
        secondary="#84bccb",
        accent="#ec9a74",
        foreground="#f2e9de",
        background="#1a1613",
        surface="#241f1b",
        panel="#14110e",
        success="#86c39b",
        warning="#ff9a8d",
        error="#ff9a8d",
        variables={
            "soft": "#b8aa9a",
            "edge": "#7b6d60",
            "block-cursor-foreground": "#2b130a",
            "footer-key-foreground": "#ec9a74",
            "footer-background": "#14110e",
            "footer-foreground": "#f2e9de",
            "footer-description-foreground": "#f2e9de",
        },
    ),
)

_LIGHT_GROUNDS: Final = frozenset({"7", "15"})


def theme_for(environment: dict[str, str] | os._Environ[str]) -> str:
    """Choose by what the terminal says of its ground, where it says something (COLORFGBG); dark is what most have."""
    return DAY if environment.get("COLORFGBG", "").split(";")[-1] in _LIGHT_GROUNDS else EVENING


CSS: Final = """
Screen { background: $background; color: $foreground; }

#letter { align: center middle; padding: 0 2; scrollbar-size-vertical: 1; }
#card { width: 100%; max-width: 72; height: auto; }
#card > Static { width: 100%; height: auto; margin-bottom: 1; }
#title { text-style: bold; color: $primary; }
#points { color: $soft; }
#agree { color: $foreground; }
#word { color: $primary; }
#word.none, #points.none, #agree.none, #name.none { display: none; }
#name { margin-bottom: 1; border: round $edge; background: $surface; }
#name:focus { border: round $primary; }
#deeds { height: auto; width: 100%; }

Button, Button:hover {
  height: 1; min-width: 12; margin-right: 2; border: none; text-style: none;
  background: $panel; color: $foreground;
}
Button:focus { background: $primary; color: $background; text-style: bold; background-tint: initial; }

#talk { layout: vertical; }
#head { height: auto; padding: 0 1; background: $panel; color: $foreground; }
#log { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
#log > Static { width: 100%; height: auto; }
.me { border-left: thick $primary; padding-left: 1; }
.stranger { border-left: thick $secondary; padding-left: 1; }
.first { margin-top: 1; }
.note { color: $soft; text-style: italic; padding-left: 2; }
#typing { height: auto; min-height: 1; padding: 0 1; color: $soft; }
#box { height: auto; min-height: 3; max-height: 7; border: round $edge; background: $surface; padding: 0 1; }
#box:focus { border: round $primary; }

ModalScreen { align: center middle; }
#dialog {
  width: 74; max-width: 96%; height: auto; max-height: 92%;
  padding: 1 2; background: $surface; border: round $edge; scrollbar-size-vertical: 1;
}
#dialog > Static { height: auto; margin-bottom: 1; }
#dialog .title { text-style: bold; color: $primary; }
#dialog .soft { color: $soft; margin-bottom: 0; }
#dialog OptionList { height: auto; max-height: 10; margin-bottom: 1; border: none; background: $surface; }
#dialog Horizontal { height: auto; }
"""
