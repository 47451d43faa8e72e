"""A desk's questions, against the embedded broker and a stand-in for the service."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from broker.desk import Answer, Ask, BanList, Denied, Done, ListBans, Look, View
from broker.messages import Down, Message, Pulse
from passerby import desk, keys
from passerby.desk import Access, DeskTrouble
from passerby.keys import KeysError
from passerby.settings import Settings
from tests.answering import answering, view
from tests.engines.embedded_house import EmbeddedEngine, EmbeddedHouse
from tests.engines.houses import DESK_PASSWORD, SERVICE_PASSWORD
from tests.engines.mqtt_probe import connect, over_tcp, publish, subscribe

SOON_S = 0.5


@pytest.fixture
async def house() -> AsyncIterator[EmbeddedHouse]:
    async with AsyncExitStack() as stack:
        yield await EmbeddedEngine().build(stack)


@pytest.fixture
def access(house: EmbeddedHouse) -> Access:
    return Access(f"mqtt://127.0.0.1:{house.engine.service_port}", "anna", DESK_PASSWORD)


def look() -> Look:
    return Look(id=desk.fresh_id())


async def test_it_gives_the_answer_to_its_own_question_and_passes_over_all_else(
    house: EmbeddedHouse, access: Access
) -> None:
    def reply(question: Ask) -> list[Answer | bytes]:
        others = (view("B" * 11, here=1), b"{", b"\xff", view(question.id).wire() + b" " * 4096)
        return [*others, view(question.id, here=7), view(question.id, here=8)]

    async with answering(house.engine.service_port, SERVICE_PASSWORD, reply, operator="anna") as asked:
        question = look()
        assert (await desk.ask(access, question, View)).here == 7
    assert asked == [question]


async def test_a_no_is_said_in_the_services_words(house: EmbeddedHouse, access: Access) -> None:
    def reply(question: Ask) -> list[Answer | bytes]:
        return [Denied(id=question.id, text="Nobody has this code.")]

    async with answering(house.engine.service_port, SERVICE_PASSWORD, reply, operator="anna"):
        with pytest.raises(DeskTrouble, match=r"^Nobody has this code\.$"):
            await desk.ask(access, look(), View)


async def test_an_answer_of_another_kind_is_trouble(house: EmbeddedHouse, access: Access) -> None:
    def reply(question: Ask) -> list[Answer | bytes]:
        return [Done(id=question.id, text="Done.")]

    async with answering(house.engine.service_port, SERVICE_PASSWORD, reply, operator="anna"):
        with pytest.raises(DeskTrouble, match="another version"):
            await desk.ask(access, ListBans(id=desk.fresh_id()), BanList)


async def test_who_is_put_out_by_another_command_asks_again_with_the_same_id(
    house: EmbeddedHouse, access: Access
) -> None:
    """ClientID and user name are one, so two commands at one desk cannot both be connected."""
    port = house.engine.service_port
    second = asyncio.Event()

    def reply(question: Ask) -> list[Answer | bytes]:
        if second.is_set():
            return [view(question.id)]
        second.set()
        return []

    async with answering(port, SERVICE_PASSWORD, reply, operator="anna") as asked, over_tcp(port) as other:
        asking = asyncio.create_task(desk.ask(access, look(), View))
        await second.wait()
        await other.send(connect("desk-anna", DESK_PASSWORD))
        await asking
    assert len(asked) == 2
    assert asked[0] == asked[1]


async def test_two_commands_at_once_both_have_their_answers(house: EmbeddedHouse, access: Access) -> None:
    def reply(question: Ask) -> list[Answer | bytes]:
        return [view(question.id)]

    async with answering(house.engine.service_port, SERVICE_PASSWORD, reply, operator="anna"):
        both = await asyncio.gather(*(desk.ask(access, look(), View) for _ in range(2)))
    assert len({each.id for each in both}) == 2


async def test_no_broker_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeskTrouble, match=f"no broker at mqtt://127.0.0.1:{port} "):
        await desk.ask(Access(f"mqtt://127.0.0.1:{port}", "anna", "x"), look(), View)


async def test_what_is_no_broker_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        access = Access(f"mqtt://127.0.0.1:{mute.getsockname()[1]}", "anna", "x")
        with pytest.raises(DeskTrouble, match="does not answer as a broker"):
            await desk.ask(access, look(), View, timeout_s=SOON_S)


@pytest.mark.parametrize(("name", "password"), [("anna", "x" * 22), ("bob", DESK_PASSWORD)])
async def test_a_refusal_is_said_and_the_password_is_not(access: Access, name: str, password: str) -> None:
    with pytest.raises(DeskTrouble, match=f"does not let the desk {name} in") as caught:
        await desk.ask(Access(access.broker, name, password), look(), View)
    assert password not in f"{caught.value}{access}"


PULSE = Pulse(epoch=1, here=0, waiting=0, talking=0, spread=1)


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (None, "no matcher is at work"),
        (Down(epoch=1), "no matcher is at work"),
        (PULSE, r"did not answer within 0.5 s"),
    ],
)
async def test_silence_is_told_by_what_stands_on_the_pulse(
    house: EmbeddedHouse, access: Access, stands: Message | None, said: str
) -> None:
    async with over_tcp(house.engine.service_port) as service:
        await service.send(connect("service", SERVICE_PASSWORD), subscribe("v1/presence/+"))
        if stands is not None:
            await service.send(publish("v1/pulse", stands.wire(), retain=True))
        await service.echo()
        with pytest.raises(DeskTrouble, match=said):
            await desk.ask(access, look(), View, timeout_s=SOON_S)


# ── how to come in ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # another's run is not looked at
    keys.write(tmp_path / "k", keys.draw())
    return tmp_path / "k"


def test_a_keys_file_gives_the_password_of_a_desk(file: Path) -> None:
    settings = Settings(keys=file, broker="mqtt://10.0.0.5:1883")
    access = desk.access(settings, "operator")
    assert access == Access("mqtt://10.0.0.5:1883", "operator", keys.read(file).desks["operator"])
    with pytest.raises(DeskTrouble, match=f"passerby keys desk {file} anna"):
        desk.access(settings, "anna")
    keys.add_desk(file, "anna")
    assert desk.access(settings, "anna").password == keys.read(file).desks["anna"]


def test_a_keys_file_that_others_can_read_is_refused(file: Path) -> None:
    file.chmod(0o644)
    with pytest.raises(KeysError, match="chmod 600"):
        desk.access(Settings(keys=file), "operator")


def test_without_keys_or_a_run_it_says_what_to_name(file: Path) -> None:
    with pytest.raises(DeskTrouble, match="--keys FILE --broker"):
        desk.access(Settings(), "operator")
    with pytest.raises(DeskTrouble, match="name it with --keys"):
        desk.access(Settings(), "operator", broker_given=True)
