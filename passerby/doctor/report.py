"""What the doctor says: one line a check, what to do below each that is not well, and a count at the end."""

import json
import os
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable
from typing import Final

import typer

from passerby.doctor.examination import CHECKS
from passerby.doctor.finding import Finding, Outcome

_SIGNS: Final = {
    Outcome.OK: ("ok", typer.colors.GREEN),
    Outcome.WARNING: ("warning", typer.colors.YELLOW),
    Outcome.FAILED: ("failed", typer.colors.RED),
    Outcome.SKIPPED: ("skipped", typer.colors.BRIGHT_BLACK),
}
_SIGN_CHARS: Final = max(len(sign) for sign, _ in _SIGNS.values())
_NAME_CHARS: Final = max(len(check.name) for check in CHECKS)
_TODO_CHARS: Final = 110
_BACK: Final = "\r\033[K"


def starting(name: str) -> None:
    """Show what is being looked at, where somebody looks at a terminal."""
    if sys.stdout.isatty():
        typer.echo(f"{_BACK}  …        {name}", nl=False)


def line(finding: Finding) -> None:
    """Say one finding."""
    sign, colour = _SIGNS[finding.outcome]
    back = _BACK if sys.stdout.isatty() else ""
    shown = f"{sign:{_SIGN_CHARS}}"
    if not os.environ.get("NO_COLOR"):
        shown = typer.style(shown, fg=colour)
    typer.echo(f"{back}  {shown}  {finding.name:{_NAME_CHARS}}  {finding.seen}")
    if finding.todo:
        indent = " " * (2 + _SIGN_CHARS + 2)
        typer.echo(
            textwrap.fill(
                f"→ {finding.todo}",
                _TODO_CHARS,
                initial_indent=indent,
                subsequent_indent=f"{indent}  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        )


def end(findings: Iterable[Finding]) -> None:
    """Count them."""
    count = _counted(findings)
    warnings = f"{count[Outcome.WARNING]} warning{'' if count[Outcome.WARNING] == 1 else 's'}"
    typer.echo(
        f"\n{count[Outcome.OK]} ok, {warnings}, {count[Outcome.FAILED]} failed, {count[Outcome.SKIPPED]} skipped"
    )


def as_json(url: str, findings: list[Finding]) -> str:
    """Write all of it for a machine."""
    count = _counted(findings)
    document = {
        "url": url,
        "well": count[Outcome.FAILED] == 0,
        "counts": {outcome: count[outcome] for outcome in Outcome},
        "findings": [
            {"name": each.name, "outcome": each.outcome, "seen": each.seen, "todo": each.todo} for each in findings
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _counted(findings: Iterable[Finding]) -> Counter[Outcome]:
    return Counter(each.outcome for each in findings)
