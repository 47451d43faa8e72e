"""`passerby init` and `docker compose up` on one machine: a page over TLS, and a call that the relay carries."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests import headers
from tests.command.running import Running
from tests.deploy.machine import ONE, Machine, machine
from tests.headers import ROUTES
from tests.journeys.browsers import DEVICES, find_chromium, launched
from tests.journeys.callers import WATCH, Caller
from tests.journeys.hiding import HIDE, ends

AWAY: Final = ("WebSocket connection to ", "Failed to load resource")
"""What a page says of a broker that is just being replaced."""
INNER: Final = "broker-inner/1883"
NUMBERS: Final = "service-metrics/9464"


@pytest.mark.timeout(600)
async def test_two_call_through_the_relay_on_a_machine_that_installs_itself(tmp_path: Path) -> None:
    """And go on calling while all but the relay is put in its place anew, as an upgrade does."""
    find_chromium()
    async with machine(tmp_path) as one:
        assert set(await asyncio.to_thread(one.containers)) == {*ONE.services}
        await asyncio.to_thread(one.is_confined)
        await asyncio.to_thread(_is_reached_by_who_needs_it_alone, one)
        await asyncio.to_thread(_serves_over_tls, one)
        async with Running.start("doctor", one.url, SSL_CERT_FILE=str(one.authority)) as doctor:
            assert await doctor.ends() == 0, doctor.said
            assert "gave a relayed address" in doctor.said
        async with two_who_hide(one) as (ana, bo):
            await asyncio.gather(ana.start(), bo.start())
            await asyncio.gather(ana.meets(bo), bo.meets(ana))
            await ana.rings(video=False)
            await bo.answers(ana, video=False)
            await asyncio.gather(ana.hears(), bo.hears())
            assert await ends(ana, bo) == ["relay", "relay"]
            assert [*ana.errors, *bo.errors] == []
            await asyncio.to_thread(_replace_all_but_the_relay, one)
            await asyncio.gather(ana.hears(), bo.hears())
            await bo.hears_from(ana, "Still here")
            assert await ends(ana, bo) == ["relay", "relay"]
            assert [error for error in (*ana.errors, *bo.errors) if not error.startswith(AWAY)] == []
        async with Running.start("doctor", one.url, SSL_CERT_FILE=str(one.authority)) as doctor:
            assert await doctor.ends() == 0, doctor.said
        query = ("promtool", "query", "instant", "http://127.0.0.1:9090", "passerby_connected")
        numbers = (await asyncio.to_thread(one.containers))["prometheus"]
        await _comes(lambda: b"=> 1" in numbers.exec_run(query).output)
        await asyncio.to_thread(one.names_nobody)


def _is_reached_by_who_needs_it_alone(one: Machine) -> None:
    """The broker's inner listener by the service, the service's numbers by Prometheus."""
    reached = {
        (name, place)
        for name in ("caddy", "prometheus", "service", "mosquitto")
        for place in (INNER, INNER.replace("broker-inner", "mosquitto"), NUMBERS, "service/9464")
        if one.reaches(name, place)
    }
    assert {name for name, place in reached if place.endswith("/1883")} - {"mosquitto"} == {"service"}
    assert {name for name, place in reached if place.endswith("/9464")} - {"service"} == {"prometheus"}
    assert one.reaches("caddy", "mosquitto/8083")


def _serves_over_tls(one: Machine) -> None:
    """With the headers of our own server, under a certificate that holds."""
    tls = ssl.create_default_context(cafile=one.authority)
    first = next(route for route in ROUTES if (route.method, route.path) == ("GET", "/"))
    status, had = headers.ask(first, "localhost", one.port, tls)
    had = [(name, value) for name, value in had if name != "Alt-Svc"]  # that it speaks HTTP/3, too
    assert [*headers.wrong(first, status, had, host=f"localhost:{one.port}", secure=True, frame=None)] == []


def _replace_all_but_the_relay(one: Machine) -> None:
    before = {name: container.id for name, container in one.containers().items()}
    others = [name for name in ONE.services if name != "relay"]
    one.compose("up", "--detach", "--no-build", "--force-recreate", "--no-deps", "--timeout", "5", *others)
    one.await_well()
    assert [name for name, container in one.containers().items() if container.id == before[name]] == ["relay"]


@contextlib.asynccontextmanager
async def two_who_hide(one: Machine) -> AsyncIterator[tuple[Caller, Caller]]:
    """Let two come as far as the lobby, who hide their address. That the certificate holds was seen without them."""
    async with launched("--ignore-certificate-errors", DEVICES) as browser:
        people = []
        for name in ("Ana", "Bo"):
            context = await browser.new_context(permissions=["microphone"])
            await context.add_init_script(WATCH)
            people.append(await Caller.arrive(context, one.url, name))
            await people[-1].page.get_by_role("checkbox", name=HIDE).check()
        yield people[0], people[1]


async def _comes(reached: Callable[[], Any], within_s: float = 60) -> None:
    async with asyncio.timeout(within_s):
        while not await asyncio.to_thread(reached):
            await asyncio.sleep(0.5)
