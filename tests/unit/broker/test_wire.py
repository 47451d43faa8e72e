"""What is generated from the messages."""

import json
import sys
from typing import Any

import pytest
from pydantic import TypeAdapter

from broker import wire
from broker.wire import SCHEMA_FILE, SCRIPT_FILE, outputs


def test_the_generated_files_follow_from_the_messages() -> None:
    for path, text in outputs().items():
        assert path.read_text(encoding="utf-8") == text, "run `make wire`"


def test_every_kind_of_every_direction_has_a_type_and_a_validator() -> None:
    script = outputs()[SCRIPT_FILE]
    schema = json.loads(outputs()[SCHEMA_FILE])
    for direction in wire.DIRECTIONS:
        assert f"export type {direction.capitalize()}Message" in script
        for ref in schema["$defs"][f"{direction.capitalize()}Message"]["discriminator"]["mapping"].values():
            name = ref.rsplit("/", 1)[-1]
            assert f"export interface {name} " in script
            assert f"export const is{name} = obj<{name}>" in script


@pytest.mark.parametrize("schema", [{"type": "number"}, {"type": "string"}, {"type": "integer"}, {}])
def test_a_shape_that_the_generator_does_not_know_is_an_error(schema: Any) -> None:
    with pytest.raises(ValueError, match="knows no check"):
        wire._check(schema)  # noqa: SLF001  the generator's heart has no other door


def test_check_fails_on_a_stale_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["wire", "--check"])
    assert wire.main() == 0
    monkeypatch.setattr(wire, "outputs", lambda: {SCRIPT_FILE: "stale"})
    assert wire.main() == 1
    assert "make wire" in capsys.readouterr().err


def test_a_direction_is_a_union_told_apart_by_kind() -> None:
    for adapter in wire.DIRECTIONS.values():
        assert isinstance(adapter, TypeAdapter)
        assert adapter.json_schema()["discriminator"]["propertyName"] == "kind"
