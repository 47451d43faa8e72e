"""The process that drives Firefox, and how it is asked: one line of JSON there, one back (see `bridge.mjs`).

A thread reads what comes back, so that one Firefox serves tests which have an event loop each: it takes ten seconds to
launch.
"""

import asyncio
import concurrent.futures
import contextlib
import itertools
import json
import signal as signals
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Self

ROOT: Final = Path(__file__).parents[3]
LAUNCH_S: Final = 60.0
ANSWER_S: Final = 30.0
END_S: Final = 15.0


class Failed(Exception):
    """Firefox or the page would not do it."""


class Gone(Exception):
    """There is no Firefox any more."""


class Bridge:
    """One Firefox, by its bridge."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._ready: concurrent.futures.Future[str] = concurrent.futures.Future()
        self._asked: dict[int, concurrent.futures.Future[Any]] = {}
        self._hearing: dict[int, Callable[[str], None]] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()  # between the reader's end and who asks
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @classmethod
    @contextlib.contextmanager
    def start(cls, firefox: str) -> Iterator[Self]:
        """Launch a Firefox; it ends with the block."""
        command = [str(ROOT / "tools/node"), "node", str(Path(__file__).with_name("bridge.mjs")), firefox]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            bridge = cls(process)
            try:
                bridge._ready.result(LAUNCH_S)
                yield bridge
            finally:
                bridge._end()

    async def ask(self, do: str, **given: object) -> Any:
        """Have one thing done, and give what came of it.

        Raises:
            Failed: it would not do it.
            Gone: there is nobody to ask.
            TimeoutError: nothing came of it.
        """
        answer: concurrent.futures.Future[Any] = concurrent.futures.Future()
        with self._lock:
            if self._process.poll() is not None:
                raise Gone
            number = next(self._numbers)
            self._asked[number] = answer
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({"id": number, "do": do, **given}) + "\n")
            self._process.stdin.flush()
        async with asyncio.timeout(ANSWER_S):
            return await asyncio.wrap_future(answer)

    def hear(self, window: int, complaint: Callable[[str], None]) -> None:
        """Have the complaints of a page told, by the thread that reads them."""
        self._hearing[window] = complaint

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if "error" in said:
                self._hearing[said["window"]](said["error"])
            elif "ready" in said:
                self._ready.set_result(said["ready"])
            else:
                self._answer(said)
        with self._lock:
            unanswered = [self._ready, *self._asked.values()]
        for answer in unanswered:
            with contextlib.suppress(concurrent.futures.InvalidStateError):
                answer.set_exception(Gone())

    def _answer(self, said: dict[str, Any]) -> None:
        with self._lock:
            answer = self._asked.pop(said["id"])
        if not answer.set_running_or_notify_cancel():
            return  # nobody waits for it any more
        if "failed" in said:
            answer.set_exception(Failed(said["failed"]))
        else:
            answer.set_result(said["gave"])

    def _end(self) -> None:
        """Let it end with its stdin; what does not is stopped, and takes Firefox along on SIGTERM."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        for signal in (signals.SIGTERM, signals.SIGKILL):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S)
                break
            self._process.send_signal(signal)
        self._reader.join(END_S)
