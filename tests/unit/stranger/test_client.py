"""paho's client, where it is not as we need it."""

import threading

import pytest
from paho.mqtt.enums import MQTTErrorCode

from stranger.client import Login, client_of
from stranger.place import read


def test_a_thread_that_ends_by_itself_while_it_is_stopped_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks whether there is one, and then who asks: meanwhile it may have ended, and forgotten itself."""
    client = client_of(read("mqtt://127.0.0.1:9"), Login("probe"), None, 1.0)
    ended = threading.Thread(target=lambda: None)
    ended.start()
    monkeypatch.setattr(client, "_thread", ended)
    asked: list[threading.Thread] = []

    def current() -> threading.Thread:
        monkeypatch.setattr(client, "_thread", None)
        asked.append(ended)
        return threading.main_thread()

    monkeypatch.setattr(threading, "current_thread", current)
    assert client.loop_stop() == MQTTErrorCode.MQTT_ERR_SUCCESS
    assert asked, "paho does otherwise now: this is needed no more"
    assert not ended.is_alive()
