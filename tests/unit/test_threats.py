"""The table of threats names tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(
    r"`((?:tests|webclient)/[\w./]+?)(?:::(\w+))?` \|$", (ROOT / "docs/reference/threats.md").read_text(), re.MULTILINE
)


def test_the_table_has_rows() -> None:
    assert len(ROWS) > 20


@pytest.mark.parametrize(("file", "name"), ROWS)
def test_a_threat_names_a_test_that_exists(file: str, name: str) -> None:
    text = (ROOT / file).read_text()
    assert not name or re.search(rf"\b(def {name}\(|{name} = |class {name}\b)", text)
