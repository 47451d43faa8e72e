"""What the command says to who started it."""

import pytest

from passerby import announce


@pytest.mark.parametrize(
    ("host", "contact", "times"),
    [
        ("127.0.0.1", None, 0),
        ("localhost", None, 0),
        ("0.0.0.0", None, 1),  # noqa: S104  nothing listens
        ("192.0.2.7", "hello@chat.example.org", 0),
    ],
)
def test_who_lets_others_in_and_names_nobody_to_write_to_is_told_so(
    host: str, contact: str | None, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    announce.up(host, 8080, tls=False, relay=False, contact=contact is not None, browser=False)
    assert capsys.readouterr().out.count("set `operator`, `contact` and `imprint`") == times
