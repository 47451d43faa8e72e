"""Writes what follows from the messages and `site`: the JSON Schema, the page's TypeScript types and validators.

    messages.py ─────┬─► JSON Schema ─► docs/reference/messages.schema.json
    conversation.py ─┤              └─► webclient/src/wire/messages.gen.ts
    site.py ─────────┘

`python -m broker.wire` writes both, `python -m broker.wire --check` only tells whether they are up to date. The schema
language is small on purpose: what the generator does not know is an error, not a guess.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from broker import conversation, messages, site
from broker.messages import VERSION, Message

Schema = Mapping[str, Any]

ROOT: Final = Path(__file__).resolve().parent.parent
SCHEMA_FILE: Final = ROOT / "docs/reference/messages.schema.json"
SCRIPT_FILE: Final = ROOT / "webclient/src/wire/messages.gen.ts"
_WIDTH = 120

DIRECTIONS: Final[dict[str, TypeAdapter[Any]]] = {
    "presence": messages.presence,
    "lobby": messages.lobby,
    "inbox": messages.inbox,
    "pulse": messages.pulse,
    "session": conversation.session,
    "channel": conversation.channel,
}


def main() -> int:
    """Run the command; 1 when a file is stale and `--check` was given."""
    parser = argparse.ArgumentParser(prog="python -m broker.wire", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file is not up to date")
    check = parser.parse_args().check
    stale = [path for path, text in outputs().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} does not follow from the messages: run `make wire`", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(outputs()[path], encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if check and stale else 0


def outputs() -> dict[Path, str]:
    """Make every generated file, as text by path."""
    schema = _schema()
    return {SCHEMA_FILE: json.dumps(schema, indent=2, ensure_ascii=False) + "\n", SCRIPT_FILE: _script(schema)}


def _schema() -> dict[str, Any]:
    """Describe all messages in one schema, with a definition per message and one per direction."""
    models: list[type[Message]] = [
        item
        for item in {**vars(messages), **vars(conversation), **vars(site)}.values()
        if isinstance(item, type) and issubclass(item, Message) and item is not Message
    ]
    _, schema = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, title=f"Passerby v{VERSION}"
    )
    defs: dict[str, Any] = {name: _tidy(definition) for name, definition in schema["$defs"].items()}
    for direction, adapter in DIRECTIONS.items():
        mapping = adapter.json_schema()["discriminator"]["mapping"]
        defs[_union(direction)] = {
            "discriminator": {"propertyName": "kind", "mapping": mapping},
            "oneOf": [{"$ref": ref} for ref in mapping.values()],
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Passerby v{VERSION}",
        "description": "Generated from broker/messages.py, conversation.py and site.py by `make wire`.",
        "$defs": defs,
    }


def _tidy(node: Any) -> Any:  # noqa: ANN401  JSON is what it is
    """Take out titles, and say that `kind` is required: its default is for our own making of messages only."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items() if key != "title" or not isinstance(value, str)}
    properties = tidy.get("properties", {})
    if "kind" in properties:
        properties["kind"].pop("default", None)
        tidy["required"] = ["kind", *tidy.get("required", [])]
    return tidy


def _union(direction: str) -> str:
    return f"{direction.capitalize()}Message"


# ── TypeScript ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _script(schema: Schema) -> str:
    return "\n".join(_lines(schema["$defs"])) + "\n"


def _lines(defs: Mapping[str, Schema]) -> Iterator[str]:
    yield "// Generated from broker/messages.py, conversation.py and site.py by `make wire`. Do not edit."
    yield 'import { bool, is, int, list, match, obj, oneOf, opt, str, tagged } from "./check";'
    yield ""
    yield f"export const VERSION = {VERSION};"
    objects = {name: definition for name, definition in _by_need(defs) if "properties" in definition}
    for name, definition in objects.items():
        yield ""
        yield f"/** {definition['description']} */"
        yield f"export interface {name} {{"
        for field, shape, required in _fields(definition):
            yield f"  {field}{'' if required else '?'}: {_type(shape)}{'' if required else ' | null | undefined'};"
        yield "}"
        yield ""
        yield f"export const is{name} = obj<{name}>({{"
        for field, shape, required in _fields(definition):
            yield f"  {field}: {_check(shape) if required else f'opt({_check(shape)})'},"
        yield "});"
    for direction in DIRECTIONS:
        name = _union(direction)
        members = {kind: ref.rsplit("/", 1)[-1] for kind, ref in defs[name]["discriminator"]["mapping"].items()}
        yield ""
        yield f"export type {name} = {' | '.join(members.values())};"
        yield ""
        yield f"export const is{name} = tagged<{name}>({{"
        for kind, member in members.items():
            yield f"  {kind}: is{member},"
        yield "});"
    yield ""
    yield "export interface Directions {"
    yield from (f"  {direction}: {_union(direction)};" for direction in DIRECTIONS)
    yield "}"
    yield ""
    yield "export const directions = {"
    yield from (f"  {direction}: is{_union(direction)}," for direction in DIRECTIONS)
    yield "};"


def _by_need(defs: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """Give each definition after those that it refers to."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[tuple[str, Schema]]:
        if name in done:
            return
        done.add(name)
        for other in defs:
            if f'"#/$defs/{other}"' in json.dumps(defs[name]):
                yield from visit(other)
        yield name, defs[name]

    for name in defs:
        yield from visit(name)


def _fields(definition: Schema) -> Iterator[tuple[str, Schema, bool]]:
    """Take an object apart: name, shape, whether it is required. `null` stands for absence, nowhere else."""
    required = definition.get("required", [])
    for name, shape in definition["properties"].items():
        inner = next((part for part in shape.get("anyOf", []) if part.get("type") != "null"), shape)
        yield name, inner, name in required or ("default" in shape and shape["default"] is not None)


def _type(shape: Schema) -> str:
    match shape:
        case {"$ref": ref}:
            return str(ref).rsplit("/", 1)[-1]
        case {"const": value}:
            return json.dumps(value)
        case {"enum": values}:
            return " | ".join(json.dumps(value) for value in values)
        case {"oneOf": parts}:
            return " | ".join(_type(part) for part in parts)
        case {"type": "array", "items": items}:
            inner = _type(items)
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        case {"type": "integer"}:
            return "number"
        case {"type": "string" | "boolean"}:
            return str(shape["type"])
    raise ValueError(f"the generator knows no type for {shape}")


def _check(shape: Schema) -> str:
    match shape:
        case {"$ref": ref}:
            return f"is{str(ref).rsplit('/', 1)[-1]}"
        case {"const": value}:
            return f"is({json.dumps(value)})"
        case {"enum": values}:
            return f"oneOf({', '.join(json.dumps(value) for value in values)})"
        case {"oneOf": _, "discriminator": {"mapping": mapping}}:
            return "tagged({ " + ", ".join(f"{k}: is{str(r).rsplit('/', 1)[-1]}" for k, r in mapping.items()) + " })"
        case {"type": "array", "items": items}:
            return f"list({_check(items)}, {shape.get('maxItems', 'Number.POSITIVE_INFINITY')})"
        case {"type": "integer", "minimum": low, "maximum": high}:
            return f"int({low}, {high})"
        case {"type": "string", "pattern": pattern}:
            escaped = str(pattern).replace("/", r"\/")
            return f"match(/{escaped}/)"
        case {"type": "string", "maxLength": high}:
            return f"str({shape.get('minLength', 0)}, {high})"
        case {"type": "boolean"}:
            return "bool"
    raise ValueError(f"the generator knows no check for {shape}")


if __name__ == "__main__":
    raise SystemExit(main())
