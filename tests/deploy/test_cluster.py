"""`passerby init --cluster` and `docker compose up`: nodes, gates, services and HAProxy, out of a folder."""

import asyncio
import csv
import ssl
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest

from stranger import Stranger
from tests.command.running import Running
from tests.deploy.machine import CLUSTER, Machine, machine
from tests.journeys.browsers import find_chromium, launched
from tests.journeys.people import Person
from tests.polling import PATIENCE_S

SERVICES: Final = ("service1", "service2")
AT_WORK_WITHIN_S: Final = 90.0
PLACES: Final = ("rb1/8083", "rb1/1883", "rb1/15672", "gate1/8090", "service1/9464", "caddy/80")


@pytest.mark.timeout(600)
async def test_a_cluster_installs_itself_and_strangers_meet_over_different_nodes(tmp_path: Path) -> None:
    find_chromium()
    async with machine(tmp_path, CLUSTER) as one:
        assert set(await asyncio.to_thread(one.containers)) == {*CLUSTER.services}
        await asyncio.to_thread(one.is_confined)
        await asyncio.to_thread(_is_reached_by_who_needs_it_alone, one)
        await asyncio.to_thread(_at_work, one)
        async with Running.start("doctor", one.url, SSL_CERT_FILE=str(one.authority)) as doctor:
            assert await doctor.ends() == 0, doctor.said
            assert "0 warnings" in doctor.said, doctor.said
        await _two_talk_over_different_nodes(one)
        await _two_pages_talk(one)
        for service in SERVICES:
            answer = await asyncio.to_thread(one.containers()[service].exec_run, ["passerby", "bans"])
            assert answer.exit_code == 0, answer.output
        await asyncio.to_thread(lambda: one.containers()[_at_work(one)].stop(timeout=5))
        await _two_talk_over_different_nodes(one)
        await asyncio.to_thread(one.names_nobody)


async def _two_talk_over_different_nodes(one: Machine) -> None:
    tls = ssl.create_default_context(cafile=one.authority)
    async with AsyncExitStack() as stack:
        both = [await stack.enter_async_context(Stranger(one.url, tls=tls)) for _ in range(2)]
        assert len(await asyncio.to_thread(_nodes_with_people, one)) == len(both)
        async with asyncio.TaskGroup() as group:
            meetings = [group.create_task(stack.enter_async_context(each.meet(within_s=PATIENCE_S))) for each in both]
        assert {meeting.result().role for meeting in meetings} == {"a", "b"}


async def _two_pages_talk(one: Machine) -> None:
    """That the certificate holds was seen without them."""
    async with launched("--ignore-certificate-errors") as browser:
        ana, bo = [await Person.arrive(await browser.new_context(), one.url, name) for name in ("Ana", "Bo")]
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        await bo.hears_from(ana, "Over three nodes")
        assert [*ana.errors, *bo.errors] == []


def _is_reached_by_who_needs_it_alone(one: Machine) -> None:
    """HAProxy reaches nodes and page; the page's web server nobody's gates and services; who is behind, the rest."""
    reached = {place for place in PLACES if one.reaches("haproxy", place)}
    assert reached >= {"rb1/8083", "caddy/80"}
    assert not reached & {"gate1/8090", "service1/9464"}
    assert not {place for place in PLACES if one.reaches("caddy", place)} & {"gate1/8090", "service1/9464"}
    assert one.reaches("service2", "rb1/1883")
    assert not one.reaches("service2", "caddy/80")


def _nodes_with_people(one: Machine) -> set[str]:
    """Ask HAProxy at which nodes somebody is."""
    ask = ["bash", "-c", "echo show stat | socat - /run/haproxy/socket"]
    code, said = one.containers()["haproxy"].exec_run(ask)
    assert code == 0, said
    rows = csv.DictReader(said.decode().removeprefix("# ").splitlines())
    nodes = [row for row in rows if row["pxname"] == "mqtt" and row["svname"].startswith("rb")]
    assert len(nodes) == 3
    return {row["svname"] for row in nodes if row["scur"] != "0"}


def _at_work(one: Machine) -> str:
    """Wait until one service is, and the other stands by: where no pulse is kept, the first looks for 38 s."""
    deadline = time.monotonic() + AT_WORK_WITHIN_S
    while sorted((said := {name: _readiness(one, name) for name in SERVICES}).values()) != ["ready", "standby"]:
        assert time.monotonic() < deadline, said
        time.sleep(0.5)
    return next(name for name, readiness in said.items() if readiness == "ready")


def _readiness(one: Machine, name: str) -> str:
    ask = f"from urllib.request import urlopen; print(urlopen('http://{name}:9464/readyz').read().decode(), end='')"
    return str(one.containers()[name].exec_run(["python", "-c", ask]).output.decode()).strip()
