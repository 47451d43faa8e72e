"""The operator's desk, as an operator uses it: on a stand-in for the service, and on a whole `passerby up`."""

import asyncio
import json
import os
import pty
import signal
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest

from broker.desk import (
    Answer,
    Ask,
    Ban,
    BanList,
    Denied,
    Done,
    ListBans,
    ListReports,
    OrderBan,
    OrderLift,
    Reported,
    ReportList,
    SetEffort,
)
from passerby import keys as keys_files
from tests.answering import answering, view
from tests.command.running import COMMAND, Running
from tests.engines.mqtt_probe import connect, over_tcp, subscribe
from tests.faults.walkers import Walker, meet
from tests.polling import until

BANS = [Ban(code=f"code-{number}", reason="skips", seconds=60 * number, times=2, by="radar") for number in range(1, 31)]


class House(NamedTuple):
    """A broker with a desk, and what the service was asked."""

    keys: Path
    url: str
    asked: list[Ask]
    broker: Running

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command at the desk; gives its exit code and what it said."""
        where = ("--keys", str(self.keys), "--broker", self.url)
        async with Running.start(arguments[0], *where, *arguments[1:]) as command:
            return await command.ends(), command.said


def service(question: Ask) -> list[Answer | bytes]:
    """Answer as the service would."""
    match question:
        case ListBans(id=id_, after=after):
            begin = 0 if after is None else [ban.code for ban in BANS].index(after) + 1
            return [BanList(id=id_, bans=BANS[begin : begin + 24], more=begin + 24 < len(BANS))]
        case ListReports(id=id_):
            report = Reported(code="code-9", reason="minor", ago=125, strangers=3, here=True)
            return [ReportList(id=id_, reports=[report], more=False)]
        case OrderLift(id=id_):
            return [Denied(id=id_, text="Nobody has this code.")]
        case OrderBan(id=id_) | SetEffort(id=id_):
            return [Done(id=id_, text="It is done.")]
        case _:
            return [view(question.id)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    file = tmp_path / "passerby.keys"
    keys = keys_files.draw()
    keys_files.write(file, keys)
    async with Running.start("broker", "embedded", "--keys", file, "--port", "0", "--service-port", "0") as broker:
        port = int((await broker.says(r"the matcher at port (\d+)"))[1])
        async with answering(port, keys.service, service) as asked:
            yield House(file, f"mqtt://127.0.0.1:{port}", asked, broker)


async def test_the_radar_shows_how_things_stand_once_when_it_is_piped(house: House) -> None:
    code, said = await house.run("radar")
    assert code == 0
    assert "Passerby radar" in said
    assert "128" in said
    assert "\x1b" not in said
    assert max(map(len, said.splitlines())) <= 80


async def test_the_radar_as_json_is_one_line_without_ids(house: House) -> None:
    code, said = await house.run("radar", "--json")
    assert code == 0
    [line] = said.splitlines()
    told = json.loads(line)
    assert (told["here"], told["matchedPerMin"], told["levels"]["free"]) == (128, 12.3, 120)
    assert "id" not in told


async def test_bans_are_listed_over_all_pages(house: House) -> None:
    code, said = await house.run("bans")
    assert code == 0
    assert all(ban.code in said for ban in BANS)
    assert [type(question) for question in house.asked] == [ListBans, ListBans]
    code, said = await house.run("bans", "--json")
    assert code == 0
    assert [ban["code"] for ban in json.loads(said)["bans"]] == [ban.code for ban in BANS]


async def test_reports_are_listed(house: House) -> None:
    code, said = await house.run("reports")
    assert code == 0
    assert "code-9 minor 2 min 5 s ago 3 yes" in " ".join(said.split())
    code, said = await house.run("reports", "--json")
    assert json.loads(said)["reports"][0]["strangers"] == 3


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("ban", "8F3KM-Q2P9A"), ("8F3KM-Q2P9A", 3_600, "operator")),
        (("ban", "203.0.113.9/24", "--for", "15m", "--reason", "flood"), ("203.0.113.0/24", 900, "flood")),
        (("ban", "2001:db8::1", "--for", "24h"), ("2001:db8::/64", 86_400, "operator")),
        (("ban", "8f3km q2p9a"), ("8f3kmq2p9a", 3_600, "operator")),
    ],
)
async def test_a_ban_is_ordered_as_it_was_typed(
    house: House, arguments: tuple[str, ...], wanted: tuple[str, int, str]
) -> None:
    assert await house.run(*arguments) == (0, "It is done.\n")
    [order] = house.asked
    assert isinstance(order, OrderBan)
    assert (order.target, order.seconds, order.reason) == wanted


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ban", "x", "--for", "25h"), "banned_networks"),
        (("ban", "x", "--for", "7d"), "24 h at most"),
        (("ban", "x", "--for", "soon"), "90s, 15m, 1h"),
        (("ban", "203.0.113.999"), "neither an appeal code nor a network"),
        (("ban", "x", "--reason", "No!"), "small letters"),
        (("lift", "10.0.0.0/99"), "neither an appeal code nor a network"),
        (("effort", "25"), "0 to 24, or auto"),
        (("effort", "lots"), "0 to 24, or auto"),
    ],
)
async def test_what_cannot_be_is_said_before_anybody_is_asked(arguments: tuple[str, ...], said: str) -> None:
    async with Running.start(*arguments) as command:
        assert await command.ends() == 2
        assert said in " ".join(command.said.replace("│", " ").split())


async def test_a_no_of_the_service_is_one_line_and_a_failure(house: House) -> None:
    assert await house.run("lift", "code-1") == (1, "passerby: Nobody has this code.\n")


async def test_effort_is_shown_set_and_left_to_the_settings(house: House) -> None:
    assert await house.run("effort") == (0, "No work is asked of everybody.\n")
    assert await house.run("effort", "18") == (0, "It is done.\n")
    assert await house.run("effort", "auto") == (0, "It is done.\n")
    assert [question.bits for question in house.asked if isinstance(question, SetEffort)] == [18, None]


async def test_a_desk_that_is_added_while_the_broker_runs_is_let_in(house: House) -> None:
    async with Running.start("keys", "desk", house.keys, "anna") as adding:
        assert await adding.ends() == 0

    async def let_in() -> bool:
        code, said = await house.run("radar", "--desk", "anna", "--json")
        # The stand-in answers the desk called operator only.
        assert code == 1
        return "did not answer" in said or "no matcher is at work" in said

    async with asyncio.timeout(40):
        while not await let_in():
            pass


async def test_live_the_radar_says_when_the_service_goes_away_and_ends_cleanly(house: House) -> None:
    leader, follower = pty.openpty()
    radar = await asyncio.create_subprocess_exec(
        COMMAND,
        *("radar", "--keys", str(house.keys), "--broker", house.url, "--every", "0.5"),
        stdout=follower,
        stderr=follower,
        stdin=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "30", "NO_COLOR": "1"},
    )
    os.close(follower)
    said = ""

    def hear() -> str:
        nonlocal said
        while True:
            try:
                said += os.read(leader, 65_536).decode(errors="replace")
            except (BlockingIOError, OSError):
                return said

    os.set_blocking(leader, False)
    try:
        await until(lambda: "Passerby radar" in hear())
        assert await house.broker.ends(signal.SIGTERM) == 0
        await until(lambda: "No answer, trying again" in hear())
        radar.send_signal(signal.SIGINT)
        async with asyncio.timeout(10):
            assert await radar.wait() == 0
        assert "Traceback" not in hear()
    finally:
        if radar.returncode is None:
            radar.kill()
            await radar.wait()
        os.close(leader)


# ── passerby up ──────────────────────────────────────────────────────────────────────────────────────────────────────


def alone(folder: Path) -> dict[str, str]:
    """Give an environment in which no other run on this machine is found."""
    return {"XDG_RUNTIME_DIR": str(folder), "TMPDIR": str(folder)}


def left_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("passerby/*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_up_leaves_word_for_its_own_user_while_it_runs(tmp_path: Path, number: signal.Signals) -> None:
    environment = alone(tmp_path)
    async with Running.start("radar", **environment) as radar:
        assert await radar.ends() == 1
        assert radar.said.startswith("passerby: no `passerby up` of yours runs here.")
    async with Running.start("up", "--port", "0", **environment) as up:
        await up.says("Ctrl-C")
        [file] = left_in(tmp_path)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        word = json.loads(file.read_text())
        password = word["desks"]["operator"]
        async with over_tcp(int(word["broker"].rsplit(":", 1)[1])) as desk:
            await desk.send(connect("desk-operator", password), subscribe("v1/desk/operator/answer", "v1/pulse"))
            await desk.hears_on("v1/pulse")
        assert await up.ends(number) == 0
        assert password not in up.said
    assert left_in(tmp_path) == []


async def test_what_a_killed_up_left_is_taken_away_by_the_next_command(tmp_path: Path) -> None:
    environment = alone(tmp_path)
    async with Running.start("up", "--port", "0", **environment) as up:
        await up.says("Ctrl-C")
        await up.ends(signal.SIGKILL)
    assert len(left_in(tmp_path)) == 1
    async with Running.start("bans", **environment) as bans:
        assert await bans.ends() == 1
        assert "no `passerby up` of yours" in bans.said
    assert left_in(tmp_path) == []


async def status(http: aiohttp.ClientSession, url: str) -> int:
    async with http.get(url) as answer:
        return answer.status


async def says(folder: Path, *arguments: str) -> str:
    async with Running.start(*arguments, **alone(folder)) as command:
        assert await command.ends() == 0, command.said
        return command.said


async def told(folder: Path, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(await says(folder, *arguments, "--json"))
    return answer


async def test_an_operator_sees_a_report_bans_by_its_code_and_lifts_the_ban(tmp_path: Path) -> None:
    # Everybody here comes from this machine, which is spared unless the settings say otherwise.
    async with Running.start("up", "--port", "0", **alone(tmp_path), PASSERBY_NEVER_BAN="[]") as up:
        port = int((await up.says(r"http://localhost:(\d+)/"))[1])
        await up.says("Ctrl-C")
        async with Walker.walk(port) as ana, Walker.walk(port) as bo:
            session = (await meet(ana, bo))[0]["session"]
            for each in (ana, bo):
                await each.say_in_lobby({"kind": "talking", "life": each.life, "session": session})
            seen = await told(tmp_path, "radar")
            assert (seen["here"], seen["talking"]["text"], seen["sessions"]) == (2, 2, 1)
            report = {"kind": "report", "life": ana.life, "session": session, "reason": "minor"}
            async with asyncio.timeout(20):
                while not (waiting := (await told(tmp_path, "reports"))["reports"]):
                    await ana.say_in_lobby(report)
            [row] = waiting
            assert (row["reason"], row["strangers"], row["here"]) == ("minor", 1, True)
            assert await says(tmp_path, "ban", row["code"], "--for", "10m", "--reason", "seen")
            banned = await bo.told("banned")
            assert (banned["reason"], banned["code"]) == ("seen", row["code"])
            await bo.probe.until(lambda: bo.probe.closed)
        [ban] = (await told(tmp_path, "bans"))["bans"]
        assert (ban["code"], ban["reason"], ban["by"]) == (row["code"], "seen", "desk")
        assert 500 < ban["seconds"] <= 600
        assert await says(tmp_path, "lift", row["code"])
        assert await says(tmp_path, "bans") == "Nobody is banned.\n"
        async with Walker.walk(port) as back:
            assert back.seat


async def test_what_an_operator_asks_of_everybody_is_asked_of_who_comes_next(tmp_path: Path) -> None:
    async with Running.start("up", "--port", "0", **alone(tmp_path)) as up:
        port = int((await up.says(r"http://localhost:(\d+)/"))[1])
        await up.says("Ctrl-C")
        await says(tmp_path, "effort", "12")
        assert await says(tmp_path, "effort") == "12 bits are asked of everybody.\n"
        async with Walker.walk(port) as ana:
            assert (await ana.told("welcome"))["challenge"]["effort"] == 12
        await says(tmp_path, "effort", "auto")
        assert await says(tmp_path, "effort") == "No work is asked of everybody.\n"


async def test_up_serves_metrics_where_the_settings_say_so() -> None:
    async with Running.start("up", "--port", "0", "--log-level", "info", PASSERBY_METRICS_PORT="0") as up:
        port = int((await up.says(r"metrics are served\s+port=(\d+)"))[1])
        await up.says("Ctrl-C")
        async with aiohttp.ClientSession() as http:
            async with asyncio.timeout(10):
                while await status(http, f"http://127.0.0.1:{port}/readyz") != 200:
                    await asyncio.sleep(0.05)
            async with http.get(f"http://127.0.0.1:{port}/metrics") as answer:
                assert "passerby_connected 1.0" in await answer.text()
        assert await up.ends(signal.SIGTERM) == 0


async def test_settings_that_change_take_effect_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "passerby.toml"
    write(file, "port = 0\n")
    async with Running.start("up", "--config", file) as up:
        port = int((await up.says(r"http://localhost:(\d+)/"))[1])
        async with Walker.walk(port) as before:
            assert "challenge" not in await before.told("welcome")
        write(file, 'port = 1\neffort = 10\nbanned_networks = ["203.0.113.9"]\n')
        said = await up.says(r"settings have changed.*")
        assert "now=['banned_networks', 'effort']" in said[0]
        assert "at_restart=['port']" in said[0]
        assert "203.0" not in up.said
        async with Walker.walk(port) as after:
            assert (await after.told("welcome"))["challenge"]["effort"] == 10


def write(file: Path, text: str) -> None:
    file.write_text(text)
