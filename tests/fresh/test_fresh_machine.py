"""A fresh clone on a fresh machine, as a normal user with nothing but what the README names: both commands work."""

import asyncio
import gc
import re
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright
from testcontainers.core.container import DockerContainer
from testcontainers.core.image import DockerImage

from tests.engines.containers import need_base_image
from tests.journeys.browsers import FLAGS, find_chromium
from tests.journeys.people import Person

ROOT = Path(__file__).resolve().parents[2]
PORT = 8080

# What could be otherwise on another machine or in another Python, and a part of what lacks something here and says so.
# The rest takes minutes, and is played outside.
SOME = (
    "tests/unit tests/deploy tests/engines/test_topics.py tests/journeys/test_before.py tests/journeys/test_firefox.py"
)

# What Ctrl-C does, on a machine without pkill: the signal goes to make and to what it has started.
INTERRUPT = r"""
for process in /proc/[0-9]*; do
  case "$(tr '\0' ' ' <$process/cmdline 2>/dev/null)" in
    "make run "* | *"/bin/passerby up "*) kill -INT ${process#/proc/} ;;
  esac
done
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DockerContainer]:
    """Start the machine with a clone of the current commit in it."""
    need_base_image()
    bundle = tmp_path_factory.mktemp("clone") / "passerby.bundle"
    subprocess.run(["git", "bundle", "create", "-q", bundle, "HEAD"], cwd=ROOT, check=True)
    bundle.parent.chmod(0o755)
    with (
        DockerImage(path=str(Path(__file__).parent), tag="passerby-fresh-machine:test") as image,
        DockerContainer(str(image))
        .with_exposed_ports(PORT)
        .with_volume_mapping(str(bundle), "/passerby.bundle", "ro") as container,
    ):
        code, said = run(container, "git clone -q /passerby.bundle passerby")
        assert code == 0, said
        yield container
    with (
        warnings.catch_warnings()
    ):  # testcontainers leaves its sockets to the garbage collector: here, not in a later test
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def run(container: DockerContainer, command: str, user: str = "") -> tuple[int, str]:
    """Run a command in the home folder of the user, and wait for it."""
    code, said = container.get_wrapped_container().exec_run(["bash", "-c", command], user=user)
    return code, said.decode(errors="replace")


@pytest.mark.timeout(900)
async def test_make_run_ends_with_one_url_and_two_browsers_on_it_chat(machine: DockerContainer) -> None:
    path = find_chromium()
    start = "cd passerby && make run ARGS='--host 0.0.0.0' >../run.log 2>&1; echo $? >../code"
    making = asyncio.create_task(asyncio.to_thread(run, machine, start))
    log = ""
    async with asyncio.timeout(240):
        while "Ctrl-C" not in log:
            await asyncio.sleep(1)
            _, log = await asyncio.to_thread(run, machine, "cat run.log")
            assert not making.done(), log
    assert len(re.findall(r"https?://\S+", log)) == 1
    assert f"http://localhost:{PORT}/" in log
    url = f"http://localhost:{machine.get_exposed_port(PORT)}/"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        ana, bo = [await Person.arrive(await browser.new_context(), url, name) for name in ("Ana", "Bo")]
        await asyncio.gather(ana.start(), bo.start())
        await asyncio.gather(ana.meets(bo), bo.meets(ana))
        await ana.hears_from(bo, "Hello from a fresh machine")
        await browser.close()
    await asyncio.to_thread(run, machine, INTERRUPT)
    async with asyncio.timeout(20):
        await making
    _, code = await asyncio.to_thread(run, machine, "cat code")
    _, log = await asyncio.to_thread(run, machine, "cat run.log")
    assert code.strip() in ("0", "130"), log  # 130 is how make says that it was interrupted
    assert log.rstrip().endswith("Nothing of it remains.")
    assert "Error" not in log


@pytest.mark.timeout(1200)
async def test_make_test_passes_and_says_in_one_line_each_what_the_machine_lacks(machine: DockerContainer) -> None:
    command = f"cd passerby && NO_COLOR=1 make test ARGS='{SOME}' 2>&1"
    code, said = await asyncio.to_thread(run, machine, command)
    assert code == 0, said[-6000:]
    assert re.search(r"Tests +\d+ passed", said)
    assert re.search(r"\d+ passed, \d+ skipped", said)
    reasons = [line for line in said.splitlines() if line.startswith("skipped ") and "no IPv6" not in line]
    assert len(reasons) == 5, reasons
    assert any("apt install chromium" in reason for reason in reasons)
    assert any("apt install coturn" in reason for reason in reasons)
    assert any("apt install firefox-esr" in reason for reason in reasons)
    assert any("apt install docker.io" in reason for reason in reasons)
    assert any("apt install iproute2" in reason for reason in reasons)


# Starts broker and matcher apart, has the doctor look at them, stops the broker, and looks whether Mosquitto is gone.
MOSQUITTO = r"""
set -e
cd passerby
PATH="$PWD/.venv/bin:$PATH"
passerby keys new keys
passerby broker mosquitto --keys keys --port 8090 --service-port 1884 >broker.log 2>&1 & broker=$!
for _ in $(seq 300); do grep -q "broker is up" broker.log && break; sleep 0.1; done
passerby matcher --keys keys --broker mqtt://127.0.0.1:1884 --log-level info >matcher.log 2>&1 & matcher=$!
for _ in $(seq 100); do grep -q "connected" matcher.log && break; sleep 0.1; done
passerby doctor http://127.0.0.1:8090/ --internal mqtt://127.0.0.1:1884 || { cat broker.log matcher.log; exit 1; }
kill -TERM $broker; wait $broker
kill -TERM $matcher; wait $matcher
cat broker.log
! grep -l '^mosquitto$' /proc/[0-9]*/comm
"""
PACKAGES = "mosquitto mosquitto-dev libmosquitto-dev gcc libc6-dev python3-dev"


@pytest.mark.timeout(600)
async def test_with_mosquitto_installed_one_command_runs_it_and_the_doctor_finds_nothing(
    machine: DockerContainer,
) -> None:
    install = f"apt-get install -y -qq --no-install-recommends {PACKAGES} 2>&1"
    code, said = await asyncio.to_thread(run, machine, f"apt-get update -qq && {install}", "root")
    assert code == 0, said[-2000:]
    code, said = await asyncio.to_thread(run, machine, MOSQUITTO)
    assert code == 0, said[-6000:]
    assert ", 0 warnings, 0 failed" in said
    assert "http://127.0.0.1:8090/, the matcher at port 1884" in said
