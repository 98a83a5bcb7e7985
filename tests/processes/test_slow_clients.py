"""Clients that send half a request and stop, or send slowly, keep nobody else waiting; what is too large isn't read."""

import socket
from contextlib import ExitStack

import requests

from earlyhelp.demo.run import PROCESSES
from tests.processes.conftest import Installation, Person

HALF = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n"
SLOW = 20


def test_a_page_opens_while_twenty_send_nothing_more(installation: Installation, monkeypatch) -> None:
    """In one process, as one of two may get all of them."""
    monkeypatch.setitem(PROCESSES, "web", PROCESSES["web"].replace("--workers 2", "--workers 1"))
    installation.starts("web")
    host, port = installation.address.removeprefix("http://").split(":")
    with ExitStack() as open_sockets:
        for _ in range(SLOW):
            slow = open_sockets.enter_context(socket.create_connection((host, int(port))))
            slow.sendall(HALF)
        charlie = Person(installation, "charlie@cast.example")
        assert "Okafor family" in charlie.opens(installation.family["url"]).text

    with socket.create_connection((host, int(port))) as huge:
        huge.sendall(HALF.replace(b"900", b"2000000000") + b"\r\n")
        huge.settimeout(30)
        assert b" 413 " in huge.recv(200)
    assert requests.get(f"{installation.address}/accounts/login/", timeout=30).ok
    installation.stops("web")
