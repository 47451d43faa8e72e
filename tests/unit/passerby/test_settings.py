"""Settings: the command line first, then the environment, then the file."""

from pathlib import Path

import pytest

from passerby.settings import SettingsError, load


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_command_line_goes_before_the_environment_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "passerby.toml").write_text('port = 1\nhost = "::1"\nlog_level = "error"\n')
    monkeypatch.setenv("PASSERBY_PORT", "2")
    monkeypatch.setenv("PASSERBY_LOG_LEVEL", "info")
    assert load(None, port=3, log_level=None).port == 3
    chosen = load(None)
    assert (chosen.port, chosen.host, chosen.log_level) == (2, "::1", "info")


def test_a_file_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("port = 7\n")
    assert load(tmp_path / "mine.toml").port == 7
    assert load(None).port == 8080


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = 70000", "port: "),
        ("prot = 1", "prot: "),
        ("port = ", "passerby.toml: "),
        ('broker = "http://x"', "broker: "),
        ('log_level = "loud"', "log_level: "),
        ("effort = 25", "effort: "),
        ('banned_networks = ["10.0.0.1", "10.0.0.0/33"]', "banned_networks.1: it is no address and no network: "),
        ("never_ban = [" + '"10.0.0.1", ' * 2_001 + "]", "never_ban: "),
        ('contact = "a\\nb"', "contact: "),
        ("contact = '" + "c" * 201 + "'", "contact: "),
        ("ban_share = 1.1", "ban_share: "),
        ("bans_per_minute = -1", "bans_per_minute: "),
        ("metrics_port = 70000", "metrics_port: "),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "passerby.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(None)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_a_named_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not there"):
        load(tmp_path / "none.toml")


def test_networks_are_written_as_everybody_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "passerby.toml").write_text('banned_networks = ["203.0.113.9/24", "2001:DB8::1"]\n')
    monkeypatch.setenv("PASSERBY_NEVER_BAN", '["192.0.2.1"]')
    assert load(None).policing.banned_networks == ("203.0.113.0/24", "2001:db8::/64")
    assert load(None).policing.never_ban == ("192.0.2.1/32",)


def test_metrics_are_off_unless_a_port_is_set(tmp_path: Path) -> None:
    assert load(None).metrics_port is None
    (tmp_path / "passerby.toml").write_text("metrics_port = 9464\n")
    assert (load(None).metrics_port, load(None).metrics_host) == (9464, "127.0.0.1")
