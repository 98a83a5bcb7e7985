"""What `make demo` ends in: servers, data, then web, worker and beat until Ctrl-C."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from earlyhelp.demo.personas import PASSWORD, PERSONAS
from earlyhelp.demo.servers import StartError, claimed, exit_on_signals, kept_secret, servers, start, stop

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".data"
LOGS = DATA / "logs"
RUNNING = DATA / "running.json"

# Also what production starts (docker-compose.yml). GUNICORN_CMD_ARGS says where the web process listens.
PROCESSES = {
    "web": "gunicorn earlyhelp.wsgi --workers 2 --threads 32 --timeout 120 --no-control-socket",
    "worker": "celery -A earlyhelp worker --concurrency 1 --loglevel INFO",
    "beat": "celery -A earlyhelp beat --schedule .data/celerybeat-schedule --loglevel INFO",
}


def say(line: str = "") -> None:
    with suppress(OSError):  # the terminal may be gone by now
        print(line, flush=True)


def failed(what: str, log: Path) -> StartError:
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
    return StartError(f"{tail}\n\n{what} The end of {log.relative_to(ROOT)} is above.")


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            other = port + 1 if port < 65535 else 8000
            message = f"Port {port} is in use. Stop what uses it, or choose another: PORT={other} make demo"
            raise StartError(message) from None


def manage(command: str, env: dict[str, str]) -> None:
    log = LOGS / f"{command.split(maxsplit=1)[0]}.log"
    with log.open("wb") as output:
        process = start(
            [sys.executable, "manage.py", *command.split()], cwd=ROOT, env=env, stdout=output, stderr=output
        )
    try:
        if process.wait():
            raise failed(f"'manage.py {command}' failed.", log)
    finally:
        stop(process)


def fingerprint(folders: Iterable[Path]) -> str:
    """Changes when a static file, a requirement or the settings do."""
    files = [ROOT / "requirements.txt", ROOT / "earlyhelp" / "settings.py"]
    files += [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    return "\n".join(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)


def collect_static(env: dict[str, str]) -> None:
    folders = [
        ROOT / "static",
        ROOT / ".build" / "vendor",
        *ROOT.glob("[a-z]*/static"),
        *ROOT.glob("earlyhelp/*/static"),
    ]
    inputs, collected = fingerprint(folders), ROOT / ".build" / "static" / ".inputs"
    if collected.exists() and collected.read_text() == inputs:
        return
    say("Collecting static files …")
    manage("collectstatic --noinput --clear", env)
    collected.write_text(inputs)


def start_all(running: dict[str, "subprocess.Popen[bytes]"], env: dict[str, str]) -> None:
    for name, command in PROCESSES.items():
        module, *arguments = command.split()
        with (LOGS / f"{name}.log").open("wb") as output:
            running[name] = start(
                [sys.executable, "-m", module, *arguments], cwd=ROOT, env=env, stdout=output, stderr=output
            )


def check_alive(running: dict[str, "subprocess.Popen[bytes]"]) -> None:
    for name, process in running.items():
        if process.poll() is not None:
            raise failed(f"The {name} process stopped by itself, so everything stops.", LOGS / f"{name}.log")


def wait_for_web(running: dict[str, "subprocess.Popen[bytes]"], port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        check_alive(running)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/")
            if connection.getresponse().status < 500:
                return
            raise failed("The web process answers with an error.", LOGS / "web.log")
        connection.close()
        time.sleep(0.1)
    raise failed("The web process doesn't answer.", LOGS / "web.log")


def introduce(port: int) -> None:
    say(f"\nEarly Help is at http://127.0.0.1:{port}\n\nSign in as one of these, password {PASSWORD}\n")
    for persona in PERSONAS:
        say(f"  {persona.email:<28}{persona.name}, {persona.job}. {persona.does}")
    say("\nCtrl-C stops everything; the data is kept for next time ('make demo-reset' starts again).")


def demo() -> None:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise StartError(f"PORT is '{given}', which is not a port number. Choose one: PORT=8001 make demo")
    port = int(given)
    check_port(port)
    say("Starting PostgreSQL and Valkey …")
    with servers(DATA) as addresses:
        LOGS.mkdir(exist_ok=True)
        env = {
            "SECRET_KEY": kept_secret(DATA / "secret-key"),
            "SITE_URL": f"http://127.0.0.1:{port}",
            **os.environ,
            **addresses,
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}",
            "DEMO": "1",
            "PYTHONUNBUFFERED": "1",
        }
        say("Preparing the database …")
        manage("migrate --noinput", env)
        collect_static(env)
        say("Loading the demo authority …")
        manage("load_demo", env)
        say("Starting web, worker and beat …")
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            RUNNING.touch(mode=0o600)
            RUNNING.write_text(json.dumps({**addresses, "SECRET_KEY": env["SECRET_KEY"], "DEMO": "1"}))
            start_all(running, env)
            wait_for_web(running, port)
            introduce(port)
            while True:
                check_alive(running)
                time.sleep(0.5)
        finally:
            say("\nStopping …")
            RUNNING.unlink(missing_ok=True)
            stop(*running.values())


def reset() -> None:
    """Remove the data, unless a demo is running on it."""
    try:
        if DATA.is_dir():
            with claimed(DATA):
                shutil.rmtree(DATA)
        else:
            DATA.unlink(missing_ok=True)
    except OSError as error:
        raise StartError(f"{DATA} can't be removed: {error}. Remove it by hand.") from None
    say("The demo's data is gone; 'make demo' makes it anew.")


def shell() -> None:
    """Django's shell on the demo that runs now."""
    if not RUNNING.exists():
        raise StartError("No demo is running. Start one in another window with 'make demo', then try again.")
    say("Row security holds here too: `with acting_as(User.objects.get(email=…)):` or `with acting_as_system('why'):`.")
    env = {**os.environ, **json.loads(RUNNING.read_text())}
    subprocess.run([sys.executable, "manage.py", "shell"], cwd=ROOT, env=env, check=False)


def main() -> int:
    if sys.argv[1:] != ["--shell"]:
        exit_on_signals()
    try:
        {"--reset": reset, "--shell": shell}.get("".join(sys.argv[1:]), demo)()
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except SystemExit as left:
        say("Stopped. Nothing is left running.")
        return 0 if left.code == 128 + signal.SIGINT else int(left.code or 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
