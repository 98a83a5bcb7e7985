"""Whether everything that runs by itself runs: for the administrator in words, for a machine without names."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from django.conf import settings

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import PasswordMail
from earlyhelp.core import clock
from earlyhelp.core.models import TaskRun
from earlyhelp.govuk.components import when_text
from earlyhelp.notifications.models import Notification
from families.models import Document

LATE = timedelta(minutes=5)
LONGEST_QUEUE = 500
LEAST_ROOM = 0.1  # of the disk
TASKS = {
    "earlyhelp.timescales.tasks.sweep": "Deadlines are looked at",
    "earlyhelp.notifications.tasks.deliver": "Messages go out by e-mail",
    "earlyhelp.accounts.tasks.send_password_mails": "Invitations and links for a new password go out",
    "consent.tasks.come_of_age": "Young people who come of age are found",
    "families.tasks.move_areas": "Families move to another area on their day",
    "earlyhelp.desk.tasks.close_agencies": "Agencies close on their day",
    "stepdown.tasks.look_at_gates": "Step-downs that may close to social care are found",
    "families.tasks.forget_names": "Names that nobody has any more are forgotten",
    "families.tasks.check_files": "Files are checked for viruses",
}


@dataclass(frozen=True)
class Check:
    """One thing that has to work: what, how it is, and where more stands (an address name, or "")."""

    code: str
    what: str
    words: str
    is_well: bool
    url_name: str = ""


def checks() -> list[Check]:
    return [*_tasks(), _queue(), *_mail(), *_files(), _room()]


def _tasks() -> Iterator[Check]:
    runs, now = list(TaskRun.objects.all()), clock.true_now()
    ran, began = {run.name: run.at for run in runs}, min((run.since for run in runs), default=None)
    schedule: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE
    for entry in schedule.values():
        name, every = str(entry["task"]), timedelta(seconds=entry["schedule"])
        at, what = ran.get(name), TASKS[name]
        if at is None and began and now - began <= 2 * every + LATE:
            yield Check(name, what, "Runs for the first time soon", True)
        elif at is None:
            yield Check(name, what, "Has never run. Start the worker and the beat.", False)
        elif now - at > 2 * every + LATE:
            yield Check(name, what, f"Not running since {when_text(at)}. Start the worker and the beat.", False)
        else:
            yield Check(name, what, f"Ran {when_text(at)}", True)


def _queue() -> Check:
    what = "The queue"
    try:
        waiting = redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).llen("celery")
    except redis.RedisError:
        return Check("queue", what, "Can’t be reached. Nothing is lost: what is due waits in the database.", False)
    words = f"{waiting} job{'s' if waiting != 1 else ''} wait{'s' if waiting == 1 else ''}"
    return Check("queue", what, words, waiting <= LONGEST_QUEUE)  # type: ignore[operator]


def _mail() -> Iterator[Check]:
    soon = clock.now() - LATE
    with acting_as_system("who wasn't told by e-mail yet"):
        late = Notification.objects.filter(emailed_at=None, created_at__lte=soon, user__is_active=True).count()
    late += PasswordMail.objects.filter(sent_at=None, asked_at__lte=clock.true_now() - LATE).count()
    words = f"{late} couldn’t be sent yet" if late else "All sent"
    yield Check("mail", "E-mail", words, late == 0, "waiting_mail")


def _files() -> Iterator[Check]:
    if not settings.CLAMAV:
        yield Check("files", "Virus checks", "Not set up: files are stored unchecked, and each says so", True)
        return
    with acting_as_system("files to check for viruses"):
        waiting = Document.objects.filter(checked=Document.Checked.NO, created_at__lte=clock.now() - LATE).count()
    words = f"{waiting} file{'s' if waiting != 1 else ''} not checked yet" if waiting else "All files are checked"
    yield Check("files", "Virus checks", words, waiting == 0)


def _room() -> Check:
    what, folder = "Room for files", Path(settings.MEDIA_ROOT).resolve()
    try:
        disk = shutil.disk_usage(next(f for f in (folder, *folder.parents) if f.exists()))
    except OSError:
        return Check("room", what, "The folder for files can’t be read", False)
    free = disk.free / disk.total
    return Check("room", what, f"{disk.free // 1024**3} GB, {free:.0%} of the disk", free > LEAST_ROOM)
