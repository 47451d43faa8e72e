"""Engines for tests: each test that asks for a house is played on every engine, and judged by what is delivered.

test_{engine}_*.py   on that engine only: its own seams, holes and settings
all others           on every engine, but where @pytest.mark.exempt(engine="reason") says why not
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.engines.embedded_house import EmbeddedEngine
from tests.engines.houses import Engine, House
from tests.engines.mosquitto_house import MosquittoEngine
from tests.engines.rabbitmq_house import RabbitmqEngine

ENGINES: dict[str, type[Engine]] = {
    "embedded": EmbeddedEngine,
    "mosquitto": MosquittoEngine,
    "rabbitmq": RabbitmqEngine,
}

Build = Callable[..., Awaitable[Any]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play a test on every engine, or on the one that its file is about."""
    if "engine" in metafunc.fixturenames:
        file = Path(metafunc.module.__file__ or "").stem
        own = [name for name in ENGINES if file.removeprefix("test_").startswith(f"{name}_")]
        metafunc.parametrize("engine", own or list(ENGINES), indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what an engine is exempt from: it is not skipped, as there is nothing to be had for it."""
    kept: list[pytest.Item] = []
    exempt: list[pytest.Item] = []
    for item in items:
        (exempt if _exempt(item) else kept).append(item)
    if exempt:
        config.hook.pytest_deselected(items=exempt)
        items[:] = kept


def _exempt(item: pytest.Item) -> bool:
    played = getattr(item, "callspec", None)
    engine = played.params.get("engine") if played is not None else None
    return any(engine in mark.kwargs for mark in item.iter_markers("exempt"))


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The engine that a test is played on; what of it is shared lives as long as the session."""
    with ENGINES[request.param].opened() as ready:
        yield ready


@pytest.fixture
async def build(engine: Engine) -> AsyncIterator[Build]:
    """Start houses with the settings given; they are closed at the end, and nothing may have escaped in between."""
    escaped: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: escaped.append(context))
    async with AsyncExitStack() as stack:

        async def make(**settings: object) -> House:
            return await engine.build(stack, **settings)

        yield make
    gc.collect()
    assert not escaped


@pytest.fixture
async def house(build: Build) -> House:
    """A house with the usual settings."""
    house: House = await build()
    return house
