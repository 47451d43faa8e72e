"""URLs of deployments, as the doctor and strangers are given them."""

import pytest

from broker.cells import Cell
from stranger.place import Door, Place, read


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://chat.example.org", Place(Door.PAGE, tls=True, host="chat.example.org", port=443)),
        ("http://localhost:8080/", Place(Door.PAGE, tls=False, host="localhost", port=8080)),
        (
            "wss://chat.example.org/lobby",
            Place(Door.WEBSOCKET, tls=True, host="chat.example.org", port=443, path="/lobby"),
        ),
        ("ws://[::1]:9001", Place(Door.WEBSOCKET, tls=False, host="::1", port=9001, path="/mqtt")),
        ("mqtts://chat.example.org", Place(Door.TCP, tls=True, host="chat.example.org", port=8883)),
        ("https://a.org/#berlin", Place(Door.PAGE, tls=True, host="a.org", port=443, cell=Cell("berlin"))),
        ("mqtt://127.0.0.1#eu-1", Place(Door.TCP, tls=False, host="127.0.0.1", port=1883, cell=Cell("eu-1"))),
        ("mqtt://127.0.0.1", Place(Door.TCP, tls=False, host="127.0.0.1", port=1883)),
    ],
)
def test_a_url_says_door_host_port_and_path(url: str, place: Place) -> None:
    assert read(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8080",
        "ftp://localhost",
        "https://",
        "https://somebody@localhost",
        "https://localhost/chat",
        "https://localhost?x",
        "http://localhost:99999",
        "mqtt://localhost/mqtt",
        "http://localhost#Berlin",
        "http://localhost#a/b",
    ],
)
def test_what_is_no_such_url_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(ValueError, match=r"\bits?\b"):
        read(url)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://chat.example.org:443/", "https://chat.example.org"),
        ("https://chat.example.org:8443/", "https://chat.example.org:8443"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_its_origin_is_written_as_browsers_write_it(url: str, origin: str) -> None:
    assert read(url).origin == origin


@pytest.mark.parametrize(
    ("host", "this_machine"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.1.2.3", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("example.org", False),
    ],
)
def test_only_this_machine_is_secure_without_tls(host: str, this_machine: bool) -> None:  # noqa: FBT001  a case
    assert read(f"http://{host}").is_this_machine is this_machine
