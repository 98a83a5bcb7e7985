"""Valkey is killed while people read, save and sign in: nobody notices more than a little."""

import psutil

from tests.processes.conftest import Installation, Person

WORDS = "Grace says that mornings are calmer."


def kill_valkey(installation: Installation) -> None:
    port = installation.env["REDIS_URL"].rpartition(":")[2].partition("/")[0]
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "valkey-server" and any(
            one.laddr.port == int(port) for one in process.net_connections() if one.laddr
        ):
            process.kill()
            process.wait(10)


def test_reading_saving_and_signing_in_go_on_without_it(installation: Installation) -> None:
    installation.starts("web")
    family = installation.family
    charlie = Person(installation, "charlie@cast.example")
    assert charlie.opens(family["url"]).ok
    kill_valkey(installation)

    assert "Okafor family" in charlie.opens(family["url"]).text
    note = {
        "kind": "call", "with_whom": "Grace", "about": family["grace"], "text": WORDS,
        **installation.today, "at_time": "0:00",
    }  # fmt: skip
    assert charlie.sends(f"{family['url']}notes/write/", **note).ok
    assert WORDS in charlie.opens(f"{family['url']}notes/").text
    alice = Person(installation, "alice@cast.example")
    assert WORDS in alice.opens(f"{family['url']}notes/").text
    installation.stops("web")
