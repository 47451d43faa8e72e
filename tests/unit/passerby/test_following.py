"""A settings file that is followed while it is in use."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.policing import Policing
from passerby import networks
from passerby.following import LIVE, SettingsFile, following
from passerby.settings import Settings, Source

USUAL = Policing(never_ban=tuple(map(networks.read, Policing().never_ban)))
"""What holds without any settings."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "passerby.toml"
    path.write_text("effort = 1\n")
    return path


@pytest.fixture
def watched(file: Path) -> SettingsFile:
    source = Source(file, {})
    return SettingsFile(source, source.load())


def write(file: Path, text: str) -> None:
    file.write_text(text)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def test_what_takes_effect_at_once_is_what_the_policing_has_and_the_turn_server() -> None:
    assert (
        {
            "effort",
            "contact",
            "banned_networks",
            "never_ban",
            "dry_run",
            "bans_per_minute",
            "ban_share",
            "turn_urls",
            "turn_secret",
            "turn_secret_file",
            "turn_ttl_s",
            "turn_preset",
        }
        == LIVE
        <= set(Settings.model_fields)
    )
    assert Settings().policing == USUAL


async def test_a_change_is_taken_up_once(file: Path) -> None:
    source, taken = Source(file, {}), list[Policing]()
    async with following(source, source.load(), lambda new: taken.append(new.policing), look_s=0.01):
        write(file, 'effort = 1\nbanned_networks = ["203.0.113.9", "2001:db8::1/48"]\ndry_run = true\n')
        await until(lambda: bool(taken))
        await asyncio.sleep(0.05)
    assert taken == [replace(USUAL, effort=1, banned_networks=("203.0.113.9/32", "2001:db8::/48"), dry_run=True)]


async def test_without_a_source_nothing_is_followed() -> None:
    async with following(None, Settings(), lambda _: pytest.fail("nothing is followed")):
        await asyncio.sleep(0)


def test_what_is_untouched_or_says_the_same_is_no_news(watched: SettingsFile, file: Path) -> None:
    assert not watched.look()
    file.write_text("effort = 1  # the same\n")
    assert not watched.look()


def test_what_needs_a_restart_is_said_and_not_taken_up(
    watched: SettingsFile, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('effort = 1\nport = 9\nhost = "::1"\n')
    assert not watched.look()
    assert "at_restart=['host', 'port'] now=[]" in capsys.readouterr().out
    file.write_text("effort = 2\nport = 8\n")
    assert watched.look()
    assert "at_restart=['host', 'port'] now=['effort']" in capsys.readouterr().out


def test_a_file_that_cannot_be_used_is_said_once_and_changes_nothing(
    watched: SettingsFile, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for broken in ("effort = ", "effort = 99", 'banned_networks = ["198.51.100.9999"]', "nonsense = 1"):
        file.write_text(broken)
        assert not watched.look()
        assert not watched.look()
        assert watched.settings.effort == 1
    said = capsys.readouterr().out
    assert said.count("they stay as they were") == 4
    assert "198.51" not in said  # a network may be somebody's
    file.write_text("effort = 3")
    assert watched.look()
    assert watched.settings.effort == 3


def test_a_file_that_is_away_lifts_no_ban(
    watched: SettingsFile, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('banned_networks = ["203.0.113.9"]')
    assert watched.look()
    file.unlink()
    assert not watched.look()
    assert watched.settings.policing.banned_networks
    assert "is gone" in capsys.readouterr().out
    file.write_text("")
    assert watched.look()
    assert not watched.settings.policing.banned_networks


def test_what_the_command_line_says_stays(file: Path) -> None:
    source = Source(file, {"effort": 7, "keys": None})
    watched = SettingsFile(source, source.load())
    file.write_text("effort = 9\ndry_run = true\n")
    assert watched.look()
    assert watched.settings.policing == replace(USUAL, effort=7, dry_run=True)


# ── the TURN server ──────────────────────────────────────────────────────────────────────────────────────────────────

URL = 'turn_urls = ["turn:turn.example.org"]\n'
FIRST, SECOND = "first-secret-of-twenty", "second-secret-of-twenty"


def secret_of(watched: SettingsFile) -> str | None:
    turn = watched.settings.turn
    return None if turn is None else turn.secret


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "turn.secret"
    path.touch(mode=0o600)
    path.write_text(FIRST)
    return path


def test_a_turn_server_comes_changes_and_goes(
    watched: SettingsFile, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f'{URL}turn_secret = "{FIRST}"')
    assert watched.look()
    assert secret_of(watched) == FIRST
    file.write_text(f'{URL}turn_secret = "{SECOND}"')
    assert watched.look()
    assert secret_of(watched) == SECOND
    file.write_text("")
    assert watched.look()
    assert watched.settings.turn is None
    said = capsys.readouterr().out
    assert "turn_secret" in said
    assert FIRST not in said
    assert SECOND not in said


def test_a_secret_that_is_replaced_in_its_own_file_is_taken_up(
    watched: SettingsFile, file: Path, secret_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f'{URL}turn_secret_file = "{secret_file}"')
    assert watched.look()
    assert not watched.look()
    assert secret_of(watched) == FIRST
    secret_file.write_text(SECOND)
    assert watched.look()
    assert secret_of(watched) == SECOND
    assert "now=['turn_secret_file']" in capsys.readouterr().out
    secret_file.unlink()
    assert not watched.look()
    assert secret_of(watched) == SECOND
    assert "they stay as they were" in capsys.readouterr().out


def test_a_secret_is_followed_where_there_is_no_file_of_settings(
    tmp_path: Path, secret_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("PASSERBY_TURN_URLS", '["turn:turn.example.org"]')
    monkeypatch.setenv("PASSERBY_TURN_SECRET_FILE", str(secret_file))
    source = Source(None, {})
    watched = SettingsFile(source, source.load())
    assert not watched.look()
    secret_file.write_text(SECOND)
    assert watched.look()
    assert secret_of(watched) == SECOND
