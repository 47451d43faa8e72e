"""Tables in a terminal, and the same without colours in a pipe."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table


def show(columns: Sequence[str], rows: Iterable[Sequence[str]], nothing: str) -> None:
    """Print a table, or a sentence when there is no row. What stands in the first column is never cut: it is used."""
    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=column == columns[0], overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table if table.row_count else nothing, markup=False)
