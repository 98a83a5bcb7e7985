"""Scans are checked for viruses by ClamAV's daemon, where one is configured; the record says of each whether it was."""

import socket
import struct
from typing import BinaryIO

import structlog
from django.conf import settings
from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from families import notices
from families.models import Document, Lead

log = structlog.get_logger(__name__)
TIMEOUT = 20
CHUNK = 64 * 1024
Checked = Document.Checked


class NotChecked(Exception):
    """The daemon gave no verdict."""


def held_back(document: Document) -> str:
    """Why a document can't be opened, or ""."""
    if document.checked == Checked.INFECTED:
        return (
            "A virus was found in this file, and it was removed. Ask who filed it for a clean copy, and file it again."
        )
    if document.checked == Checked.NO and settings.SCAN_REQUIRED:
        return "This file is not checked for viruses yet. Try again in a few minutes; if it stays so, tell your administrator."
    return ""


def verdict(file: BinaryIO) -> str:
    """What the daemon says of a file, by its INSTREAM command: clean or infected. NotChecked when it can't tell."""
    try:
        with _connected() as daemon:
            daemon.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                daemon.sendall(struct.pack("!L", len(chunk)) + chunk)
            daemon.sendall(struct.pack("!L", 0))
            with daemon.makefile("rb") as answers:
                answer = answers.read().rstrip(b"\0\n")
    except OSError as error:
        raise NotChecked(type(error).__name__) from error
    if answer == b"stream: OK":
        return Checked.CLEAN
    if answer.endswith(b" FOUND"):
        return Checked.INFECTED
    raise NotChecked("the daemon refused the file")


def _connected() -> socket.socket:
    host, _, port = settings.CLAMAV.rpartition(":")
    if settings.CLAMAV.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(TIMEOUT)
        daemon.connect(settings.CLAMAV)
        return daemon
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)


def reachable() -> bool:
    """Whether the daemon takes calls."""
    try:
        _connected().close()
    except OSError as error:
        log.warning("the virus checker can't be reached", kind=type(error).__name__)
        return False
    return True


def check(pk: int) -> bool:
    """Check one document that isn't checked; whether that is settled now. May run twice, or at once."""
    with acting_as_system("check a file for viruses"):
        document = Document.objects.filter(pk=pk, checked=Checked.NO).first()
        if document is None:
            return True
        try:
            with document.file.open("rb") as file:
                found = verdict(file)
        except (NotChecked, FileNotFoundError) as error:
            log.warning("a file could not be checked for viruses", document=pk, kind=type(error).__name__)
            return False
        if Document.objects.filter(pk=pk, checked=Checked.NO).update(checked=found) and found == Checked.INFECTED:
            _remove(document)
    return True


def _remove(document: Document) -> None:
    """The file goes; its row stays and says why. Who filed it and who leads are told."""
    leads = Lead.objects.filter(family=document.family, status=Lead.Status.ACCEPTED).select_related("user")
    notices.VirusFound.tell(
        {document.uploaded_by, *(lead.user for lead in leads)},
        about=document.family,
        key=document.pk,
        url=f"{document.family.get_absolute_url()}documents/",
    )
    name = document.file.name
    transaction.on_commit(lambda: document.file.storage.delete(name))
