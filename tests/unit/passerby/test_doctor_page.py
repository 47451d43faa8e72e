"""What the doctor says of the headers of a page."""

import pytest

from broker.engines.entrance import headers
from broker.engines.entrance.headers import Kind
from passerby.doctor.page import lacking


def served(kind: Kind, frame: str | None = None) -> dict[str, str]:
    policy = headers.policy(kind, sockets=headers.sockets("chat.example.org"), frame=frame)
    return {**headers.ALWAYS, headers.POLICY: policy}


@pytest.mark.parametrize("frame", [None, "https://ads.example.org"])
def test_what_our_own_server_sends_is_complete(frame: str | None) -> None:
    for kind in (Kind.APP, Kind.ERROR):
        assert lacking(served(kind, frame), kind) == []


@pytest.mark.parametrize("name", [*headers.ALWAYS, headers.POLICY])
def test_each_header_that_is_missing_is_named(name: str) -> None:
    had = served(Kind.APP)
    del had[name]
    assert lacking(had, Kind.APP) == [name]


@pytest.mark.parametrize(
    ("ours", "theirs", "named"),
    [
        ("script-src 'self'", "script-src 'self' 'unsafe-inline'", "script-src"),
        ("script-src 'self'; ", "", "script-src"),
        ("trusted-types passerby", "trusted-types *", "trusted-types"),
        ("frame-ancestors 'none'", "frame-ancestors *", "frame-ancestors"),
    ],
)
def test_a_policy_that_lets_more_in_is_named_by_its_directive(ours: str, theirs: str, named: str) -> None:
    had = served(Kind.APP)
    assert ours in had[headers.POLICY]
    had[headers.POLICY] = had[headers.POLICY].replace(ours, theirs)
    assert lacking(had, Kind.APP) == [named]


def test_the_policy_of_an_error_is_not_enough_for_the_page() -> None:
    assert "script-src" in lacking(served(Kind.ERROR), Kind.APP)
