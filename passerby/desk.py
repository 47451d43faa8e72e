"""A desk: asks the service on an operator's behalf, and gives its answer.

    CONNECT as desk-{name}   SUBSCRIBE v1/desk/{name}/answer, v1/pulse
    PUBLISH v1/desk/{name}/ask ──►    ◄── the answer with the same id, within 5 s     DISCONNECT

One connection a question: ClientID and user name are one, so of two commands at the same desk the second puts the first
out. Who is put out before the answer asks again, with the same id.
"""

import asyncio
import secrets
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from broker import desk, messages, topics
from broker.desk import Answer, Ask, Denied
from broker.identity import b64url
from broker.keys import DESK
from broker.messages import Malformed, Pulse, parse
from passerby import keys, runs
from passerby.doctor.probe import ACCEPTED, Probe, knock
from passerby.settings import Settings
from passerby.trouble import Trouble
from stranger.client import Login, Unreachable
from stranger.place import Place, read
from stranger.wire import NOT_AUTHORIZED, REFUSED

ANSWER_S: Final = 5.0
"""How long to wait for an answer, in seconds."""

ID_BYTES: Final = 8
ATTEMPTS: Final = 5
_PAUSE_S: Final = 0.1
_PAUSE_MS: Final = 400
_NEWS_S: Final = 0.5

A = TypeVar("A", bound=Answer)


class DeskTrouble(Trouble):
    """An answer could not be had. The text says why, and what to do."""


class _PutOut(Exception):
    """The connection was closed before the answer came."""


@dataclass(frozen=True, slots=True)
class Access:
    """What an operator comes in with."""

    broker: str
    name: str
    password: str = field(repr=False)


def access(settings: Settings, name: str, *, pid: int | None = None, broker_given: bool = False) -> Access:
    """Find out how to come in: by the keys file of the settings, else by the `passerby up` that runs here.

    Raises:
        Trouble: when there is no way in. The text says what to do.
    """
    if settings.keys is not None:
        return by_keys(settings.keys, settings.within.written(settings.broker), name)
    if broker_given:
        raise DeskTrouble("a broker was named, and no keys file: name it with --keys")
    return by_run(name, pid)


def by_keys(file: Path, broker: str, name: str) -> Access:
    """Take the password from the keys file of a deployment.

    Raises:
        KeysError: when the file cannot be used.
        DeskTrouble: when it has no such desk.
    """
    password = keys.read(file).desk_password(name, time.time())
    if password is None:
        raise DeskTrouble(f"{file} has no desk called {name}: `passerby keys desk {file} {name}` gives it one")
    return Access(broker, name, password)


def by_run(name: str, pid: int | None = None) -> Access:
    """Find the `passerby up` of this user on this machine.

    Raises:
        RunsError: when what it left cannot be used.
        DeskTrouble: when there is none, or several to choose from, or it has no such desk.
    """
    found = [run for run in runs.living() if pid in (None, run.pid)]
    if not found:
        raise DeskTrouble(
            "no `passerby up` of yours runs here. For a deployment, name its keys file and broker: "
            "--keys FILE --broker mqtt://HOST:PORT, or `keys` and `broker` in the settings"
        )
    if len(found) > 1:
        pids = ", ".join(str(run.pid) for run in found)
        raise DeskTrouble(f"several `passerby up` run here: choose one with --pid ({pids})")
    [run] = found
    if name not in run.desks:
        raise DeskTrouble(f"this run has no desk called {name}, but: {', '.join(run.desks)}")
    return Access(run.broker, name, run.desks[name])


def fresh_id() -> str:
    """Draw the id of a question."""
    return b64url(secrets.token_bytes(ID_BYTES))


async def ask(access: Access, question: Ask, wanted: type[A], *, timeout_s: float = ANSWER_S) -> A:
    """Ask, and give the answer of the kind that is wanted.

    Raises:
        DeskTrouble: when there is no answer, or the service denies it.
    """
    place = read(access.broker)
    for _ in range(ATTEMPTS):
        try:
            given = await _ask_once(access, place, question, timeout_s)
        except _PutOut:
            await asyncio.sleep(_PAUSE_S + secrets.randbelow(_PAUSE_MS) / 1000)  # so that two do not meet again
            continue
        if isinstance(given, Denied):
            raise DeskTrouble(given.text)
        if not isinstance(given, wanted):
            raise DeskTrouble("the service answered something else than was asked: is it of another version?")
        return given
    raise DeskTrouble(f"other commands at the desk {access.name} are in the way: one at a time, or give each a desk")


async def _ask_once(access: Access, place: Place, question: Ask, timeout_s: float) -> Answer:
    user, topic = f"{DESK}{access.name}", topics.desk_answer(access.name)
    login, tls = Login(user, user, access.password), ssl.create_default_context()
    try:
        async with knock(place, login, tls, timeout_s) as probe:
            _expect_in(probe, access)
            if max(await probe.subscribe(topic, topics.PULSE)) >= REFUSED:
                # Who was put out before it could ask may hear of its end only now.
                if await probe.until(lambda: probe.closed, _NEWS_S):
                    raise _PutOut
                raise DeskTrouble(f"the broker at {access.broker} knows of no desks: is it of an older version?")
            await probe.publish(topics.desk_ask(access.name), question.wire())
            await probe.until(lambda: _answer_in(probe, topic, question.id))
            if (given := _answer_in(probe, topic, question.id)) is not None:
                return given
            if probe.closed:
                raise _PutOut
            raise _silence(probe, access, timeout_s)
    except Unreachable as error:
        raise DeskTrouble(
            f"no broker at {access.broker} ({error}): is it running, and is that its internal listener?"
        ) from None


def _expect_in(probe: Probe, access: Access) -> None:
    if probe.code == ACCEPTED:
        return
    if probe.code == NOT_AUTHORIZED:
        raise DeskTrouble(
            f"the broker at {access.broker} does not let the desk {access.name} in: is this its internal listener, and "
            "does it use the same keys file? A desk that was just added is known after 2 s."
        )
    raise DeskTrouble(f"what listens at {access.broker} does not answer as a broker: is that its internal listener?")


def _answer_in(probe: Probe, topic: str, id_: str) -> Answer | None:
    for seen in probe.seen:
        if seen.topic == topic:
            try:
                given = parse(desk.answer, seen.payload)
            except Malformed:
                continue  # of another version; should it be ours, nobody answers
            if given.id == id_:
                return given
    return None


def _silence(probe: Probe, access: Access, timeout_s: float) -> DeskTrouble:
    if any(_is_pulse(seen.payload) for seen in probe.seen if seen.topic == topics.PULSE):
        within = f"did not answer within {timeout_s:g} s"
        return DeskTrouble(f"the matcher at {access.broker} {within}: is it of an older version?")
    return DeskTrouble(f"no matcher is at work at {access.broker}: start it with `passerby matcher`")


def _is_pulse(payload: bytes) -> bool:
    try:
        return isinstance(parse(messages.pulse, payload), Pulse)
    except Malformed:
        return False
