"""Settings: the command line first, then the environment, then the file."""

import re
from pathlib import Path

import pytest

from matcher.turn import Turn
from passerby import relay
from passerby.settings import SettingsError, load

SECRET = "a-secret-of-twenty-and-more"


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
        ('operator = ""', "operator: "),
        ("operator = '" + "o" * 201 + "'", "operator: "),
        (
            'ads_url = "ads.example.org"',
            "ads_url: it is no URL of a page, http or https, without user and fragment: ht",
        ),
        ('ads_url = "https://ads.example.org/"\nads_height = 49', "ads_height: "),
        ('ads_url = "https://ads.example.org/"\nads_height = 601', "ads_height: "),
        ('ads_url = "http://localhost:8080/slot"', "settings: ads_url is on this server itself: a frame that is to "),
        ('contact_minors = "a\\nb"', "contact_minors: "),
        ("contact_illegal = ''", "contact_illegal: "),
        ('imprint = "a\\u0007b"', "imprint: "),
        ("imprint = '" + "c" * 2_001 + "'", "imprint: "),
        ("ban_share = 1.1", "ban_share: "),
        ("bans_per_minute = -1", "bans_per_minute: "),
        ("metrics_port = 70000", "metrics_port: "),
        ('turn_urls = ["turn:a", "http://a"]', "turn_urls.1: it is no URL of TURN or STUN: turn:turn.example.org, "),
        ('turn_urls = ["turn:a", "turn:b", "turn:c", "turn:d", "turn:e"]', "turn_urls: "),
        ('turn_urls = ["turn:a"]', "settings: turn_urls need the TURN server's secret: set turn_secret or "),
        (f'turn_secret = "{SECRET}"', "settings: there is something of a TURN server, but not where it is: set turn_u"),
        ("turn_preset = true", "settings: there is something of a TURN server, but not where it is: set turn_urls"),
        (f'turn_urls = ["stun:a"]\nturn_secret = "{SECRET}"', "settings: among turn_urls is no turn: or turns: URL"),
        ('turn_urls = ["turn:a"]\nturn_secret = "123"', "settings: the secret of TURN is to have 20 to 256 characters"),
        (f'turn_urls = ["turn:a"]\nturn_secret = "{SECRET} 1"', "settings: the secret of TURN is to have 20 to 256"),
        ('turn_urls = ["turn:a"]\nturn_secret_file = "none"', "settings: none cannot be read: No such file"),
        (f'turn_urls = ["turn:a"]\nturn_secret = "{SECRET}"\nturn_ttl_s = 59', "turn_ttl_s: "),
        (f'turn_urls = ["turn:a"]\nturn_secret = "{SECRET}"\nturn_ttl_s = 86401', "turn_ttl_s: "),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "passerby.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(None)
    assert str(caught.value).startswith(said)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_imprint_has_several_lines(tmp_path: Path) -> None:
    (tmp_path / "passerby.toml").write_text('imprint = """\nAda Walker\n1 Some Street\n"""')
    assert load(None).imprint == "Ada Walker\n1 Some Street\n"


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


def test_a_turn_server_is_where_it_is_and_what_it_shares(tmp_path: Path) -> None:
    urls = ("stun:turn.example.org", "turns:turn.example.org:443?transport=tcp")
    text = f"turn_urls = {list(urls)}\nturn_ttl_s = 60\nturn_preset = true\n"
    expected = Turn(urls, SECRET, 60, preset=True)
    (tmp_path / "passerby.toml").write_text(f'{text}turn_secret = "{SECRET}"\n')
    assert load(None).turn == expected
    (tmp_path / "secret").touch(mode=0o600)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    (tmp_path / "passerby.toml").write_text(f'{text}turn_secret_file = "secret"\n')
    assert load(None).turn == expected


def test_without_urls_there_is_no_turn_server() -> None:
    assert load(None).turn is None


def test_one_secret_is_enough(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(mode=0o600)
    (tmp_path / "passerby.toml").write_text(
        f'turn_urls = ["turn:a"]\nturn_secret = "{SECRET}"\nturn_secret_file = "secret"\n'
    )
    with pytest.raises(SettingsError, match="not both"):
        load(None)


def test_a_secret_that_others_can_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o644)
    (tmp_path / "passerby.toml").write_text('turn_urls = ["turn:a"]\nturn_secret_file = "secret"\n')
    with pytest.raises(SettingsError, match="can be read by others: `chmod 600 secret`"):
        load(None)


def test_the_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERBY_TURN_URLS", '["turn:a"]')
    monkeypatch.setenv("PASSERBY_TURN_SECRET", SECRET)
    chosen = load(None)
    assert chosen.turn is not None
    assert chosen.turn.secret == SECRET
    for shown in (repr(chosen), str(chosen), repr(chosen.turn), chosen.model_dump_json(), repr(chosen.turn_secret)):
        assert SECRET not in shown


@pytest.mark.parametrize(
    "url",
    [
        "turn:turn.example.org",
        "turn:192.0.2.1:3478",
        "turn:[2001:db8::1]:3478?transport=udp",
        "turns:turn.example.org:443?transport=tcp",
        "stun:turn",
    ],
)
def test_urls_of_turn_and_stun_are_taken_as_they_are(url: str) -> None:
    """RFC 7065 and RFC 7064."""
    assert relay.checked(url) == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "no URL"),
        ("turn.example.org", "no URL"),
        ("turn://turn.example.org", "no URL"),
        ("TURN:turn.example.org", "no URL"),
        ("stuns:turn.example.org", "no URL"),
        ("turn:user@turn.example.org", "no URL"),
        ("turn:" + "a" * 260, "no URL"),
        ("turn:2001:db8::1", "no URL"),
        ("turn:", "names no host"),
        ("turn:-a", "names no host"),
        ("turn:a b", "names no host"),
        ("turn:a\n", "names no host"),
        ("turn:a..b", "names no host"),
        ("turn:[fe80::1%eth0]", "names no host"),
        ("turn:[2001:db8:1]", "names no host"),
        ("turn:a:0", "port"),
        ("turn:a:65536", "port"),
        ("turn:a?transport=sctp", "of turn: may come ?transport=tcp or ?transport=udp"),
        ("turn:a?transport=tcp\n", "of turn: may come"),
        ("turns:a?transport=udp", "of turns: may come ?transport=tcp"),
        ("stun:a?transport=udp", "of stun: may come nothing"),
    ],
)
def test_what_a_browser_would_not_take_is_refused_with_what_to_write(url: str, why: str) -> None:
    """A browser refuses all servers for one that is wrong, and with them the talk."""
    with pytest.raises(ValueError, match=re.escape(why)):
        relay.checked(url)
