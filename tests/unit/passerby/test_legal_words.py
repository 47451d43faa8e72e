"""How the legal pages say a number, in each language."""

from pathlib import Path

import pytest

from passerby.legal import texts
from passerby.legal.facts import Fact, Unit, Value, facts
from passerby.legal.words import Words
from passerby.settings import Settings

FOLDER = texts.folder()
ENGLISH = Words.read(FOLDER / "en")
ALL = [Words.read(FOLDER / code) for code in texts.languages(FOLDER)]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1, "s", "1 second"),
        (0.5, "s", "0.5 seconds"),
        (45.0, "s", "45 seconds"),
        (60, "s", "1 minute"),
        (90, "s", "90 seconds"),
        (900, "s", "15 minutes"),
        (3_600, "s", "1 hour"),
        (86_400, "s", "24 hours"),
        (172_800, "s", "2 days"),
        (120_000, "ms", "2 minutes"),
        (1_500, "ms", "1.5 seconds"),
        (4_096, "memory", "4 KB"),
        (8 * 1024 * 1024, "memory", "8 MB"),
        (1_536, "memory", "1.5 KB"),
        (16, "bytes", "16 bytes"),
        (1, "bits", "1 bit"),
        (7, "count", "7"),
        (1_000, "count", "1,000"),
        (12_345_678, "count", "12,345,678"),
        (0.02, "share", "2 %"),
        (True, "answer", "yes"),
        (False, "answer", "no"),
        (("theme", "sound"), "choices", "light or dark, whether it makes a sound"),
        ("passerby", "name", "`passerby`"),
    ],
)
def test_a_fact_is_said_as_people_say_it(value: Value, unit: Unit, said: str) -> None:
    assert ENGLISH.say(Fact(value, unit, "here")).replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_value_that_is_not_of_its_unit_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="here is no s"):
        ENGLISH.say(Fact("soon", "s", "here"))


def words(code: str, tmp_path: Path, unit: str, digits: str = "[3, 3]") -> Words:
    folder = tmp_path / code
    folder.mkdir()
    text = (FOLDER / "en" / "words.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("hour =", "digits ="))]
    at = lines.index("[numbers]")
    lines[at + 1 : at + 1] = [f"digits = {digits}"]
    (folder / "words.toml").write_text("\n".join([*lines, f"hour = {unit}"]), encoding="utf-8")
    return Words.read(folder)


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        # CLDR 46, cardinal rules, by its own examples
        (
            "ru",
            {
                1: "one",
                2: "few",
                4: "few",
                5: "many",
                11: "many",
                12: "many",
                21: "one",
                22: "few",
                25: "many",
                111: "many",
            },
        ),
        (
            "ar",
            {
                0: "zero",
                1: "one",
                2: "two",
                3: "few",
                10: "few",
                11: "many",
                99: "many",
                100: "other",
                103: "few",
                111: "many",
            },
        ),
        ("fr", {0: "one", 1: "one", 2: "other"}),
        ("pt", {0: "one", 1: "one", 2: "other"}),
        ("hi", {0: "one", 1: "one", 2: "other"}),
        ("ja", {0: "other", 1: "other", 2: "other"}),
        ("de", {0: "other", 1: "one", 2: "other", 21: "other"}),
    ],
)
def test_a_unit_takes_the_form_that_its_language_asks_for(tmp_path: Path, code: str, forms: dict[int, str]) -> None:
    unit = "{ " + ", ".join(f'{form} = "{form}"' for form in ("zero", "one", "two", "few", "many", "other")) + " }"
    said = words(code, tmp_path, unit)
    assert {n: said._unit("hour", n) for n in forms} == forms  # noqa: SLF001  24 hours and the like would hide most


def test_digits_stand_together_as_the_language_has_it(tmp_path: Path) -> None:
    assert words("hi", tmp_path, '{ other = "#" }', "[3, 2]").number(1_234_567) == "12,34,567"


@pytest.mark.parametrize("said", ALL, ids=lambda said: said.code)
def test_every_language_has_every_word(said: Words) -> None:
    for table in ("pages", "frame", "choices", "answers"):
        ours, theirs = getattr(ENGLISH, table), getattr(said, table)
        assert set(ours) == set(theirs)
        assert all(theirs.values())
    assert set(said.units) == set(ENGLISH.units)
    assert all("other" in forms for forms in said.units.values())
    # One and two may be words: "an hour".
    assert all("#" in form or name in ("one", "two") for forms in said.units.values() for name, form in forms.items())
    assert said.direction == ("rtl" if said.code == "ar" else "ltr")
    assert "{version}" in said.frame["version"]
    assert "{date}" in said.frame["version"]
    assert "{version}" in said.frame["older"]


@pytest.mark.parametrize("said", ALL, ids=lambda said: said.code)
def test_every_language_can_say_every_fact(said: Words) -> None:
    for fact in facts(Settings.model_construct(), texts.browser(FOLDER)).values():
        assert said.say(fact)
