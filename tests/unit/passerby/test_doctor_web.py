"""What the doctor says of TLS, without any."""

from passerby.doctor import web
from passerby.doctor.finding import Outcome
from passerby.doctor.place import read

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
