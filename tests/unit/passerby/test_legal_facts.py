"""The facts of the legal pages are those of the code."""

import functools
import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from broker import conversation, limits
from broker.messages import Join
from broker.rates import Rate
from passerby.legal import texts
from passerby.legal.facts import Browser, Fact, facts
from passerby.settings import Settings

ROOT = Path(__file__).parents[3]
BROWSER = texts.browser(texts.folder())
FACTS = facts(Settings.model_construct(), BROWSER)
TURN = {"turn_urls": ["turn:turn.example.org"], "turn_secret": "a-secret-of-twenty-and-more"}


def _from(place: str) -> list[str]:
    return [name for name, fact in FACTS.items() if fact.source.startswith(place)]


def _other(value: Any) -> Any:
    """Give another value of the same shape."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value * 2
        case str():
            return f"{value}-other"
        case Rate():
            return Rate(value.per_s * 2, value.burst * 2)
        case dict():
            return {key: _other(part) for key, part in value.items()}
    return tuple(map(_other, value))


def _now(settings: Settings | None = None, browser: Browser = BROWSER) -> dict[str, Fact]:
    return facts(settings or Settings.model_construct(), browser)


@pytest.mark.parametrize(
    "name", [name for name in (*_from("broker"), *_from("matcher")) if "limits.py" not in FACTS[name].source]
)
def test_a_fact_is_what_its_constant_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, constant = FACTS[name].source.split()
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    monkeypatch.setattr(module, constant, _other(getattr(module, constant)))
    assert _now()[name].value == _other(FACTS[name].value)


@pytest.mark.parametrize("name", [name for name in _from("broker/limits.py") if "connects" not in name])
def test_a_fact_is_what_the_gate_is_limited_to(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = FACTS[name].source.split()[1]
    other = _other(getattr(limits.Limits(), field))
    monkeypatch.setattr(limits, "Limits", functools.partial(limits.Limits, **{field: other}))
    assert _now()[name].value == _other(FACTS[name].value)


def test_how_often_an_address_may_connect_follows_from_the_setting() -> None:
    few = _now(Settings.model_construct(connections_per_address=5))
    rate = limits.Limits(connections_per_address=5).connects
    assert few["connects_burst"].value == rate.burst != FACTS["connects_burst"].value
    assert few["connects_per_minute"].value == rate.per_s * 60 != FACTS["connects_per_minute"].value
    assert few["connects_memory"].value == rate.burst / rate.per_s != FACTS["connects_memory"].value


CHOSEN: dict[str, tuple[dict[str, Any], object]] = {
    "ads": ({"ads_url": "https://ads.example.org/"}, True),
    "ban_share": ({"ban_share": 0.5}, 0.5),
    "bans_per_minute": ({"bans_per_minute": 9}, 9),
    "connections_per_address": ({"connections_per_address": 9}, 9),
    "dry_run": ({"dry_run": True}, True),
    "effort": ({"effort": 12}, 12),
    "networks_shut_out": ({"banned_networks": ["192.0.2.0/24"]}, 1),
    "relay": (TURN, True),
    "relay_preset": ({**TURN, "turn_preset": True}, True),
    "turn_life": ({"turn_ttl_s": 90}, 90),
}


@pytest.mark.parametrize("name", _from("passerby/settings.py"))
def test_a_fact_is_what_the_setting_is(name: str) -> None:
    chosen, value = CHOSEN[name]
    assert FACTS[name].value != value
    assert _now(Settings(**chosen))[name].value == value


@pytest.mark.parametrize("name", _from("webclient"))
def test_a_fact_is_what_the_page_has(name: str) -> None:
    assert _now(browser={**BROWSER, name: _other(BROWSER[name])})[name].value == _other(FACTS[name].value)


def test_all_that_is_written_of_the_page_is_a_fact() -> None:
    assert set(BROWSER) == set(_from("webclient"))


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS.keys())
def test_a_fact_says_truly_where_it_comes_from(fact: Fact) -> None:
    file, name = fact.source.split()
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^\s*(export )?(const |interface |def )?{name}\b", text, re.MULTILINE)


def test_page_and_wire_have_the_same_bounds() -> None:
    def most(model: type, field: str) -> int:
        bounds = model.model_json_schema()["properties"][field]  # type: ignore[attr-defined]
        kind = next((part for part in bounds.get("anyOf", []) if part["type"] != "null"), bounds)
        return int(next(kind[key] for key in ("maxLength", "maxItems", "maximum") if key in kind))

    assert BROWSER["nickname"] == most(conversation.Hello, "nickname")
    assert BROWSER["text"] == most(conversation.Text, "text")
    assert BROWSER["topics_most"] == most(Join, "tags")
    assert BROWSER["languages_most"] == most(Join, "languages")
    assert BROWSER["tag"] == Join.model_json_schema()["properties"]["tags"]["items"]["maxLength"]
    assert BROWSER["parcel"] == conversation.PARCEL_BYTES
    assert int(str(BROWSER["voice"])) <= most(conversation.Parcel, "ms")
