"""Scans are checked by a daemon that speaks ClamAV's INSTREAM; here a small one, on real sockets."""

import io
import socket
import struct
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consent.documents import file_scan
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.celery import app
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from families.models import Document
from families.services import viruses
from families.tasks import check_file, check_files

BAD = b"a test string that stands for a virus"


class Daemon:
    """Answers as clamd does: OK, FOUND, or ERROR when a file is longer than its limit."""

    limit = 100_000

    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.sizes = listener, []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                call, _ = self.listener.accept()
            except OSError:
                return
            with call, call.makefile("rb") as said:
                if said.read(10) == b"zINSTREAM\0":
                    call.sendall(self.answer(said))

    def answer(self, said: io.BufferedReader) -> bytes:
        data = b""
        while size := struct.unpack("!L", said.read(4))[0]:
            data += said.read(size)
        self.sizes.append(len(data))
        if len(data) > self.limit:
            return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: Test.Virus FOUND\0" if BAD in data else b"stream: OK\0"


@pytest.fixture(params=["a port", "a socket"])
def daemon(request, settings, tmp_path_factory):
    if request.param == "a port":
        listener = socket.create_server(("127.0.0.1", 0))
        settings.CLAMAV = f"127.0.0.1:{listener.getsockname()[1]}"
    else:
        settings.CLAMAV = str(tmp_path_factory.mktemp("clamd") / "s")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(settings.CLAMAV)
        listener.listen()
    yield Daemon(listener)
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def scan(cast, family, content=b"") -> Document:
    with acting_as(cast.alice):
        return file_scan(
            family=family,
            upload=SimpleUploadedFile("form.pdf", b"%PDF-1.7\n" + content + b"\n%%EOF"),
            signed_on=clock.today(),
            actor=cast.alice,
        )


def checked(document: Document) -> str:
    with acting_as_system("test"):
        return Document.objects.get(pk=document.pk).checked


def test_the_daemon_says_clean_or_infected_of_a_long_file_too(daemon):
    assert viruses.verdict(io.BytesIO(b"x" * 90_000)) == "clean"
    assert viruses.verdict(io.BytesIO(b"x" * 80_000 + BAD)) == "infected"
    assert daemon.sizes == [90_000, 80_000 + len(BAD)]
    with pytest.raises(viruses.NotChecked):
        viruses.verdict(io.BytesIO(b"x" * 100_001))


def test_a_clean_scan_is_opened(cast, sign_in, settings, daemon, family):
    settings.SCAN_REQUIRED = True
    document = scan(cast, family)
    check_file(document.pk)
    assert checked(document) == "clean"
    url = f"{family.get_absolute_url()}documents/"
    assert "Not checked" not in sign_in(cast.alice).get(url).content.decode()
    assert sign_in(cast.alice).get(f"{url}{document.pk}/").status_code == 200


def test_an_infected_scan_is_never_served_its_file_goes_and_its_people_are_told_once(
    cast, sign_in, daemon, django_capture_on_commit_callbacks, family
):
    document, good = scan(cast, family, BAD), scan(cast, family)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            check_files()
    assert (checked(document), checked(good)) == ("infected", "clean")
    assert not document.file.storage.exists(document.file.name)
    assert good.file.storage.exists(good.file.name)
    url = f"{family.get_absolute_url()}documents/"
    page = sign_in(cast.alice).get(url).content.decode()
    assert "Removed: a virus was found" in page
    assert f"{url}{document.pk}/&quot;" not in page
    assert f'href="{url}{document.pk}/"' not in page
    refused = sign_in(cast.alice).get(f"{url}{document.pk}/")
    assert refused.status_code == 403
    assert "A virus was found in this file" in refused.content.decode()
    with acting_as_system("test"):
        told = Notification.objects.filter(kind="families.virus_found")
        assert [(n.user, n.reference) for n in told] == [(cast.alice, family.reference)]


@pytest.mark.parametrize(("needed", "status"), [(False, 200), (True, 403)])
def test_a_scan_that_is_not_checked_is_marked_and_held_back_where_checks_are_required(
    cast, sign_in, settings, needed, status, family
):
    document = scan(cast, family)
    settings.CLAMAV, settings.SCAN_REQUIRED = "127.0.0.1:9", needed
    check_file(document.pk)
    assert check_files() == 0
    assert checked(document) == "no"
    url = f"{family.get_absolute_url()}documents/"
    page = sign_in(cast.alice).get(url).content.decode()
    assert "Not checked for viruses" in page
    assert (f'href="{url}{document.pk}/"' in page) == (not needed)
    opened = sign_in(cast.alice).get(f"{url}{document.pk}/")
    assert opened.status_code == status
    assert ("not checked for viruses yet" in opened.content.decode(errors="ignore")) == needed


def test_a_file_that_is_missing_or_too_long_keeps_no_other_from_being_checked(cast, daemon, family):
    good, long, gone = scan(cast, family), scan(cast, family, b"x" * 100_001), scan(cast, family)
    gone.file.storage.delete(gone.file.name)
    assert check_files() == 1
    assert [checked(d) for d in (good, long, gone)] == ["clean", "no", "no"]


def test_a_stored_scan_is_sent_to_be_checked_once_it_is_kept(cast, daemon, django_capture_on_commit_callbacks, family):
    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            document = scan(cast, family)
    finally:
        app.conf.task_always_eager = False
    assert checked(document) == "clean"
