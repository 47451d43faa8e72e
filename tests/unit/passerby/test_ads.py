"""Where the operator's slot for advertisements is filled from: a page on another origin, and nothing that is none."""

import re
from pathlib import Path

import pytest

from broker.site import Ads, Site
from passerby import ads
from passerby.settings import SettingsError, load

SECRET = "a-secret-of-twenty-and-more"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://ads.example.org", "https://ads.example.org"),
        ("https://ADS.Example.org:443/slot?a=1&b=2", "https://ads.example.org"),
        ("https://ads.example.org:8443?a", "https://ads.example.org:8443"),
        ("http://ads.example.org:443/", "http://ads.example.org:443"),
        ("http://localhost:080/slot", "http://localhost"),
        ("http://[2001:DB8::1]:81/slot", "http://[2001:db8::1]:81"),
    ],
)
def test_a_frame_has_the_origin_that_browsers_see(url: str, origin: str) -> None:
    assert ads.checked(url) == url
    assert ads.origin(url) == origin


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "no URL"),
        ("ftp://ads.example.org/", "no URL"),
        ("//ads.example.org/", "no URL"),
        ("javascript:alert(1)", "no URL"),
        ("https://user@ads.example.org/", "no URL"),
        ("https://ads.example.org/#part", "no URL"),
        ("https://ads.example.org/a b", "no URL"),
        ("https://ads.example.org; script-src *", "no URL"),
        ("https://ads.example.org'", "no URL"),
        ("https://*.example.org/", "no URL"),
        ("https://ads.example.org/\n", "no URL"),
        ("https://bücher.example/", "no URL"),
        ("https://ads.example.org/" + "a" * 400, "no URL"),
        ("https://-ads.example.org/", "names no host"),
        ("https://ads..example.org/", "names no host"),
        ("https://[2001:db8:1]/", "names no host"),
        ("https://ads.example.org:0/", "port"),
        ("https://ads.example.org:65536/", "port"),
    ],
)
def test_what_a_browser_would_not_show_or_could_end_a_directive_is_refused(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        ads.checked(url)


@pytest.mark.parametrize(
    "text",
    [
        'ads_url = "http://127.0.0.1:8080/slot"',
        'ads_url = "https://LOCALHOST:8080/slot"',
        'host = "0.0.0.0"\nport = 80\nads_url = "http://localhost/slot"',
        'host = "192.0.2.7"\nport = 443\nads_url = "https://192.0.2.7/slot"',
        'host = "::1"\nads_url = "http://[::1]:8080/slot"',
        'origins = ["https://chat.example.org"]\nads_url = "https://chat.example.org:443/slot"',
    ],
)
def test_a_frame_of_the_pages_own_origin_could_reach_it_and_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "passerby.toml").write_text(text)
    with pytest.raises(SettingsError, match="ads_url is on this server itself"):
        load(None)


def test_without_settings_there_is_nothing_to_say() -> None:
    assert load(None).site == Site()
    assert load(None, ads_height=300).site.wire() == b'{"relay":"none"}'


def test_what_the_operator_says_comes_from_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERBY_OPERATOR", "Ada & Söhne")
    (tmp_path / "passerby.toml").write_text(
        f'turn_urls = ["turn:a"]\nturn_secret = "{SECRET}"\n'
        'ads_url = "https://ads.example.org/slot"\nads_height = 250\norigins = ["https://chat.example.org"]\n'
    )
    slot = Ads(url="https://ads.example.org/slot", height=250)
    assert load(None).site == Site(operator="Ada & Söhne", relay="offered", ads=slot)
    assert load(None, turn_preset=True).site.relay == "preset"
