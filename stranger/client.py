"""paho's client as it is here: it comes in as a browser would, and leaves no socket behind when it does not get in.

paho can only wait while it connects, so that is done in a thread, and can be given up. What follows is for `wire`,
which has the loop watch the socket, and for the doctor, which lets paho have its thread.
"""

import asyncio
import contextlib
import os
import socket
import ssl
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from broker.cells import Cell
from stranger.place import Door, Place

KEEP_ALIVE_S: Final = 30


@dataclass(frozen=True, slots=True)
class Login:
    """With what to come in. Without a name: as nobody."""

    client_id: str
    name: str | None = None
    password: str | None = None
    will: tuple[str, bytes] | None = None

    def within(self, cell: Cell) -> Self:
        """Give the same with the Will in this cell."""
        return self if self.will is None else replace(self, will=(cell.outer(self.will[0]), self.will[1]))


class Unreachable(Exception):
    """No connection came about. The text says why."""


class Client(paho.Client):
    """paho's, but that a connection which fails on its way, or is given up on it, is closed at once."""

    _begun: socket.socket | None = None
    _spare: socket.socket | None = None
    _given_up = False

    def give_up(self) -> None:
        """End the attempt to connect, whatever it waits for in its thread; or the connection, if there is one."""
        self._given_up = True
        if self._spare is not None:
            with contextlib.suppress(OSError):
                self._spare.shutdown(socket.SHUT_RDWR)

    def _create_socket(self) -> Any:  # noqa: ANN401  as paho has it
        try:
            return super()._create_socket()
        except BaseException:
            if self._begun is not None:
                self._begun.close()
            raise
        finally:
            self._begun = None

    def _create_socket_connection(self) -> socket.socket:
        self._begun = line = super()._create_socket_connection()
        self._spare = socket.socket(fileno=os.dup(line.fileno()))  # TLS takes the first one over
        if self._given_up:
            raise ConnectionAbortedError
        return line

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        assert self._ssl_context is not None  # noqa: S101  paho asks only where there is one
        self._begun = line = self._ssl_context.wrap_socket(
            tcp_sock, server_hostname=self._host, do_handshake_on_connect=False
        )
        line.settimeout(self.connect_timeout)
        line.do_handshake()
        return line

    def loop_stop(self) -> MQTTErrorCode:
        """Stop paho's thread. One that ends by itself in this moment has forgotten itself, and paho trips over that."""
        thread = self._thread
        with contextlib.suppress(AttributeError):
            return super().loop_stop()
        if thread is not None:
            thread.join()
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def let_go(self) -> None:
        """Close what only the attempt needed; and the connection, if it was given up."""
        if self._spare is not None:
            self._spare.close()
        line = self.socket()
        if self._given_up and line is not None:
            line.close()


async def connected(client: Client, place: Place, source: str) -> None:
    """Connect in a thread, as paho can only wait; whoever does not wait for it any more leaves no socket behind.

    Raises:
        Unreachable: when it does not succeed.
    """
    work = asyncio.get_running_loop().run_in_executor(
        None, client.connect, place.host, place.port, KEEP_ALIVE_S, source
    )
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        client.give_up()
        raise
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            f"its certificate is not trusted here ({error.verify_message}): "
            "SSL_CERT_FILE=FILE in the environment names the authority that issued it"
        ) from None
    except Exception as error:  # noqa: BLE001  paho raises whatever TLS, or the answer to the upgrade, made of it
        raise Unreachable(str(error) or type(error).__name__) from None
    finally:
        work.add_done_callback(lambda done: _let_go(client, done))


def _let_go(client: Client, done: "asyncio.Future[MQTTErrorCode]") -> None:
    if not done.cancelled():
        done.exception()  # heard, also if nobody waits for it any more
    client.let_go()


def client_of(place: Place, login: Login, tls: ssl.SSLContext | None, timeout_s: float) -> Client:
    """Make a client of paho's that comes as a browser would."""
    client = Client(
        CallbackAPIVersion.VERSION2,
        login.client_id,
        clean_session=True,
        protocol=paho.MQTTv311,
        transport="tcp" if place.door is Door.TCP else "websockets",
        reconnect_on_failure=False,
    )
    client.connect_timeout = timeout_s
    if login.name is not None:
        client.username_pw_set(login.name, login.password)
    if login.will is not None:
        client.will_set(*login.will, qos=1)
    if place.tls and tls is not None:
        client.tls_set_context(tls)
    client.ws_set_options(place.path, lambda headers: _headers(place, headers))
    return client


def _headers(place: Place, headers: dict[str, str]) -> dict[str, str]:
    """Say what a browser would. Without a page it is not known from which origin one would come: then say none."""
    chosen = {**headers, "Host": place.authority, "Origin": place.origin}
    if place.door is not Door.PAGE:
        del chosen["Origin"]
    return chosen
