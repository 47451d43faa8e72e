"""Vectors, one case at a time."""

import pytest

from tests.vectors.read import vectors


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test marked `vectors("file.json", "list")` one case at a time, as `case`."""
    marker = metafunc.definition.get_closest_marker("vectors")
    if marker is not None:
        name, part = marker.args
        cases = vectors(name)[part]
        metafunc.parametrize("case", cases, ids=[label(case) for case in cases])


def label(case: object) -> str:
    text = "-".join(str(value) for value in case.values()) if isinstance(case, dict) else str(case)
    return text.encode("unicode_escape").decode()[:80]
