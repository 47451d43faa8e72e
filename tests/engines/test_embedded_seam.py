"""The seam: an amqtt that is not the one we know is refused at the start, in one line."""

import pytest
from amqtt.broker import Broker

from broker.engines import BrokerUnavailable
from broker.engines.mqtt import amqtt_seam
from tests.engines.conftest import Build


async def test_another_version_is_refused(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broker.engines.mqtt.amqtt_seam.metadata.version", lambda _: "0.13.0")
    with pytest.raises(
        BrokerUnavailable, match=r"^the embedded broker needs amqtt 0\.12\.1, here is 0\.13\.0: run `make setup`$"
    ):
        await build()


@pytest.mark.parametrize("name", amqtt_seam._PRIVATE_METHODS)  # noqa: SLF001  the list is what is tested
async def test_a_method_that_is_missing_is_named(build: Build, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(Broker, name, None)
    with pytest.raises(BrokerUnavailable, match=rf"^amqtt 0\.12\.1 lacks {name}: reinstall it$"):
        await build()


@pytest.mark.parametrize("name", amqtt_seam._PRIVATE_FIELDS)  # noqa: SLF001  the same
async def test_a_table_that_is_missing_is_named(build: Build, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    made = Broker.__init__

    def without(self: Broker, *given: object) -> None:
        made(self, *given)  # type: ignore[arg-type]
        delattr(self, name)

    monkeypatch.setattr(Broker, "__init__", without)
    with pytest.raises(BrokerUnavailable, match=rf"^amqtt 0\.12\.1 lacks {name}: reinstall it$"):
        await build()


def test_every_private_name_that_the_seam_uses_is_checked() -> None:
    """Read from its own code: what is used and not listed would fail late, in front of people."""
    own = {"_grant", "_deliver", "_routes", "_broker"}
    used: set[str] = set()
    for holder in (amqtt_seam._Broker, amqtt_seam.Core):  # noqa: SLF001  the same
        for member in vars(holder).values():
            code = getattr(member, "__code__", None)
            used |= {name for name in code.co_names if name.startswith("_")} if code else set()
        used |= {name for name in vars(holder) if name.startswith("_") and not name.startswith("__")}
    listed = {*amqtt_seam._PRIVATE_METHODS, *amqtt_seam._PRIVATE_FIELDS}  # noqa: SLF001  the same
    globals_ = {name for name in used if name in vars(amqtt_seam)}
    used = {name for name in used if not name.startswith("__")}
    assert used - own - globals_ <= listed
    assert listed - used == {"_subscriptions"}  # not used: it must stay as it is, empty
