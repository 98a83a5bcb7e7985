"""The two commands, and the deployment files that start the same processes."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import redis
import yaml

from earlyhelp.demo import servers
from earlyhelp.demo.personas import PERSONAS
from earlyhelp.demo.run import PROCESSES, introduce

ROOT = Path(__file__).resolve().parent.parent
SERVERS = [sys.executable, "-m", "earlyhelp.demo.servers"]
ASK = """
import os, json, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as db:
    role = "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    role = db.execute(role).fetchone()
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    owner = db.execute(owner).fetchone()[0]
with redis.from_url(os.environ["REDIS_URL"]) as valkey:
    print(json.dumps([role, owner, valkey.ping(), os.environ["SECRET_KEY"]]))
"""


def own_servers() -> dict[str, str]:
    """The environment of someone who has no servers, though these tests have."""
    theirs = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY")
    return {name: value for name, value in os.environ.items() if name not in theirs}


def run(*command: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=ROOT, env={**own_servers(), **env}, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_database_role_is_an_ordinary_one_and_the_secret_is_kept(tmp_path: Path) -> None:
    def ask() -> list[object]:
        result = run(*SERVERS, "--data", str(tmp_path), "--", sys.executable, "-c", ASK)
        assert result.returncode == 0, result.stderr
        answer: list[object] = json.loads(result.stdout)
        return answer

    first, second = ask(), ask()
    role, owner, valkey_answers, secret = first
    assert role == ["earlyhelp", False, False, False]
    assert (owner, valkey_answers) == ("earlyhelp_owner", True)
    assert second == first
    assert (tmp_path / "secret-key").read_text() == secret
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_the_exit_status_is_the_commands() -> None:
    result = run(*SERVERS, "--", sys.executable, "-c", "raise SystemExit(7)", DATABASE_URL="postgres://elsewhere/db")
    assert result.returncode == 7


def names(processes: list[psutil.Process]) -> set[str]:
    """What runs; while servers start, some of it has ended before it is asked."""
    found = set()
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.add(process.name())
    return found


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_running(by: signal.Signals) -> None:
    if by == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux stops children of a killed process")
    process = subprocess.Popen(
        [*SERVERS, "--", "sleep", "60"],
        cwd=ROOT,
        env=own_servers(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    parent, deadline = psutil.Process(process.pid), time.monotonic() + 30
    while "sleep" not in names(parent.children()) and time.monotonic() < deadline:
        time.sleep(0.1)
    started = parent.children(recursive=True)
    assert {"postgres", "valkey-server", "sleep"} <= names(started)
    process.send_signal(by)
    process.wait(30)
    _, left = psutil.wait_procs(started, timeout=10)
    assert left == []


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run(sys.executable, "-m", "earlyhelp.demo.run", PORT=str(port))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"Port {port} is in use. Stop what uses it, or choose another: PORT=")
    assert result.stderr.count("\n") == 1


def not_a_folder(data: Path) -> None:
    data.write_text("")


def not_postgres(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)


def older_postgres(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("15\n")


def one_role_for_everything(data: Path) -> None:
    files_missing(data)
    (data / "database-password").write_text("secret")


def files_missing(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "owner-password").write_text("secret")
    (data / "postgres" / "PG_VERSION").write_text("18\n")


@pytest.mark.parametrize("broken", [not_a_folder, not_postgres, older_postgres, files_missing, one_role_for_everything])
def test_a_broken_data_folder_is_one_clear_line(broken, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    broken(tmp_path / "data")
    result = run(*SERVERS, "--data", str(tmp_path / "data"), "--", "true")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "make demo-reset" in result.stderr


def test_two_demos_do_not_share_a_data_folder(tmp_path: Path) -> None:
    inner = [*SERVERS, "--data", str(tmp_path), "--", "true"]
    elsewhere = {"DATABASE_URL": "postgres://elsewhere/db", "REDIS_URL": "redis://elsewhere"}
    result = run(*SERVERS, "--data", str(tmp_path), "--", *inner, **elsewhere)
    assert result.returncode == 1
    assert "already running" in result.stderr


def test_every_persona_is_introduced(capsys: pytest.CaptureFixture[str]) -> None:
    introduce(8000)
    said = capsys.readouterr().out
    assert len(PERSONAS) == 10
    assert all(persona.email in said for persona in PERSONAS)


def test_deployment_starts_what_the_demo_starts() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = compose["services"]
    assert {name: services[name]["command"] for name in PROCESSES} == PROCESSES
    assert set(services) == {"db", "valkey", "migrate", *PROCESSES}
    for name in ("migrate", *PROCESSES):
        assert services[name]["environment"]["DATABASE_URL"].startswith("postgres://earlyhelp:")
        assert ("DATABASE_OWNER_URL" in services[name]["environment"]) == (name == "migrate")
        assert services[name]["environment"]["PRODUCTION"] == "1"


def test_deployment_gives_the_application_an_ordinary_role() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert "POSTGRES_USER" not in compose["services"]["db"]["environment"]
    for role in ("earlyhelp", "earlyhelp_owner"):
        assert f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS" in compose["configs"]["roles"]["content"]
    assert "CREATE DATABASE earlyhelp OWNER earlyhelp_owner" in compose["configs"]["roles"]["content"]


def test_the_image_installs_what_is_pinned_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "RUN pip install --no-cache-dir --require-hashes -r requirements.txt" in lines
    assert "USER earlyhelp" in lines
    command = next(line for line in lines if line.startswith("CMD "))
    assert " ".join(json.loads(command.removeprefix("CMD "))) == PROCESSES["web"]


def test_a_port_that_another_process_took_is_left_and_the_next_is_tried(tmp_path: Path, monkeypatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = iter([taken.getsockname()[1], servers.free_port()])
        monkeypatch.setattr(servers, "free_port", lambda: next(ports))
        with servers.valkey(tmp_path) as address, redis.from_url(address) as client:
            assert client.ping()
    assert not list(ports)
