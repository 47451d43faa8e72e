"""What the doctor says of TLS and of legal pages, without any server."""

from pathlib import Path

from passerby.doctor import page, web
from passerby.doctor.finding import Outcome
from passerby.legal.pages import legal_pages
from passerby.settings import Settings
from stranger.place import read

NOW = 1_800_000_000.0  # 15 January 2027, 08:00 UTC


def test_plain_http_on_another_machine_is_a_failure_because_browsers_give_no_cryptography_there() -> None:
    verdict = web.plain(read("http://chat.example.org"))
    assert verdict.outcome is Outcome.FAILED
    assert "no cryptography" in verdict.todo
    assert web.plain(read("ws://10.0.0.1/mqtt")).outcome is Outcome.FAILED
    assert web.plain(read("http://localhost")).outcome is Outcome.OK
    assert web.plain(read("mqtt://10.0.0.1")).outcome is Outcome.WARNING


def test_a_certificate_that_runs_out_within_two_weeks_is_a_warning() -> None:
    assert web.lasting("TLSv1.3", "Jan 30 08:00:00 2027 GMT", NOW).outcome is Outcome.OK
    soon = web.lasting("TLSv1.3", "Jan 28 07:00:00 2027 GMT", NOW)
    assert soon.outcome is Outcome.WARNING
    assert "13 more days" in soon.seen


def test_legal_pages_that_are_not_there_or_name_nobody_are_a_warning_where_others_come(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "legal-0123abcd.css").touch()
    public, here = read("https://chat.example.org"), read("http://localhost:8080")
    silent, said = (
        legal_pages(settings, tmp_path)["/legal/en/contact"].decode()
        for settings in (Settings(), Settings(contact="hello@chat.example.org"))
    )
    assert page.naming(public, said).outcome is Outcome.OK
    assert page.naming(here, silent).outcome is Outcome.OK
    unnamed = page.naming(public, silent)
    assert unnamed.outcome is Outcome.WARNING
    assert "`contact`" in unnamed.todo
    missing = page.naming(here, "<title>Passerby</title>")
    assert missing.outcome is Outcome.WARNING
    assert "is not there" in missing.seen
