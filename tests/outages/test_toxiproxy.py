"""The proxy between two parts: it cuts, silences, slows, narrows and mends."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outages.toxiproxy import HOST, Toxiproxy
from tests.servers.plugin import LEFT_OUT
from tests.servers.processes import ServerMissing

NAME = "wire"


@pytest.fixture
def proxies(tmp_path: Path) -> Iterator[Toxiproxy]:
    try:
        with Toxiproxy(tmp_path / "toxiproxy") as running:
            yield running
    except ServerMissing as missing:  # only `make faults` needs it
        pytest.skip(f"{LEFT_OUT}toxiproxy: {missing}")


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of somebody who says everything back."""
    listener = socket.create_server((HOST, 0))

    def answer(connection: socket.socket) -> None:
        with connection:
            while said := connection.recv(100):
                connection.sendall(said)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def asked(port: int, patience: float = 5.0) -> bytes:
    with socket.create_connection((HOST, port), timeout=patience) as connection:
        connection.sendall(b"so")
        return connection.recv(2)


def test_a_wire_is_cut_and_mended_where_it_was(proxies: Toxiproxy, echo: int) -> None:
    port = proxies.put(NAME)
    proxies.lead(NAME, echo)
    assert asked(port) == b"so"
    proxies.cut(NAME)
    with pytest.raises(ConnectionRefusedError):
        asked(port)
    proxies.mend(NAME)
    assert asked(port) == b"so"


def test_a_silent_wire_tells_neither_side_anything(proxies: Toxiproxy, echo: int) -> None:
    port = proxies.put(NAME)
    proxies.lead(NAME, echo)
    proxies.silence(NAME)
    with pytest.raises(TimeoutError):
        asked(port, patience=0.5)
    proxies.mend(NAME)
    assert asked(port) == b"so"


def test_a_slow_wire_carries_everything_later(proxies: Toxiproxy, echo: int) -> None:
    port = proxies.put(NAME)
    proxies.lead(NAME, echo)
    proxies.slow(NAME, 150)
    began = time.monotonic()
    assert asked(port) == b"so"
    assert time.monotonic() - began > 0.29


def test_a_narrow_wire_carries_so_much_in_a_second(proxies: Toxiproxy, echo: int) -> None:
    port = proxies.put(NAME)
    proxies.lead(NAME, echo)
    proxies.narrow(NAME, 1)
    much = b"x" * 500
    began = time.monotonic()
    with socket.create_connection((HOST, port), timeout=5) as wire:
        wire.sendall(much)
        got = b""
        while len(got) < len(much):
            got += wire.recv(4096)
    assert got == much
    assert time.monotonic() - began > 0.5
