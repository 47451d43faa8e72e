"""The Grafana dashboard: what it asks for is what the service tells."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from matcher.stats import ServiceStats
from passerby import metrics

FILE = Path(__file__).parents[3] / "deploy" / "grafana" / "passerby.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
TARGETS = [(panel, target) for panel in PANELS for target in panel["targets"]]
BY_SCRAPE = {"instance"}
"""A label that Prometheus adds."""

README = FILE.with_name("README.md").read_text(encoding="utf-8")


def exposed() -> dict[str, dict[str, set[str]]]:
    """Give the values of each label of each metric."""
    nothing = ServiceStats(connected=False, tick_s_ago=None, epoch=None, counts={}, lobby=None)
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(generate_latest(metrics.registry(lambda: nothing)).decode()):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


EXPOSED = exposed()


def check(expression: str) -> set[str]:
    """See that an expression asks for what there is; gives the labels of its metrics."""
    labels: set[str] = set()
    names = re.findall(r"\bpasserby_\w+", expression)
    assert names
    for name in names:
        assert name in EXPOSED
        labels |= EXPOSED[name].keys()
        for matchers in re.findall(rf"{name}{{([^}}]*)}}", expression):
            for label, value in re.findall(r'(\w+)[=!~]+"([^"]*)"', matchers):
                assert label in BY_SCRAPE or value in EXPOSED[name][label]
    for grouped in re.findall(r"by \(([^)]*)\)", expression):
        assert set(re.split(r",\s*", grouped)) <= labels
    assert expression.count("(") == expression.count(")")
    assert expression.count("{") == expression.count("}")
    return labels


@pytest.mark.parametrize(("panel", "target"), TARGETS, ids=lambda each: each.get("title", each.get("refId")))
def test_a_panel_asks_for_metrics_and_labels_that_there_are(panel: dict[str, Any], target: dict[str, Any]) -> None:
    labels = check(target["expr"])
    assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= labels
    counters = re.findall(r"\bpasserby_\w+_(?:total|bucket|count)\b", target["expr"])
    assert all(re.search(rf"(rate|increase)\({name}", target["expr"]) for name in counters)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_says_what_it_means_in_one_sentence_and_in_which_unit(panel: dict[str, Any]) -> None:
    assert re.fullmatch(r"[A-Z][^.]*\.", panel["description"])
    assert panel["fieldConfig"]["defaults"]["unit"] in ("s", "short")
    assert panel["datasource"]["uid"] == "${datasource}"
    assert all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"])


def test_panels_do_not_overlap_and_stay_in_the_grid() -> None:
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in PANELS)
        for x, y in itertools.product(
            range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
        )
    ]
    assert len(cells) == len(set(cells))
    assert {x for x, _ in cells} == set(range(24))
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)


def test_every_metric_of_ours_is_shown() -> None:
    asked = " ".join(target["expr"] for _, target in TARGETS)
    unseen = {name for name in EXPOSED if name.startswith("passerby_") and name not in asked}
    assert unseen == {
        "passerby_awake",
        "passerby_sessions",
        "passerby_road_seconds_count",
        "passerby_road_seconds_sum",
        "passerby_waited_seconds_count",
        "passerby_waited_seconds_sum",
        "passerby_talked_seconds_sum",
    }


def test_the_choice_of_services_and_the_alerts_ask_for_what_there_is() -> None:
    [instance] = [each for each in DASHBOARD["templating"]["list"] if each["name"] == "instance"]
    check(instance["definition"])
    alerts = re.findall(r"`([^`]*passerby_[^`]*)`", README)
    assert len(alerts) == 3
    for alert in alerts:
        check(alert)
