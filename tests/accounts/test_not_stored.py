"""What was sent and could not be stored is given back, whatever broke: the words, and which files to choose again."""

import errno

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from earlyhelp.access.identity import acting_as_system
from families.models import Note
from families.services import documents, episodes
from tests.pages import opened, text_of

WORDS = "Grace says <b>mornings</b> are calmer, and Ada sleeps."
OURS = {"HTTP_ORIGIN": "http://testserver"}


def failing(monkeypatch, error: Exception, module=episodes, name: str = "write_note") -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(module, name, fails)


def note_of(client, family) -> tuple[str, dict]:
    url = reverse("write_note", args=[family.reference])
    now = {"at_day": "23", "at_month": "11", "at_year": "2026", "at_time": "9:00"}
    return url, opened(client, url) | {"kind": "call", "with_whom": "Grace", "text": WORDS, **now}


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (OperationalError("the connection is lost"), 503, "can’t be reached"),
        (OSError(errno.ENOSPC, "No space left"), 503, "no room left"),
        (OSError(errno.EROFS, "Read-only"), 503, "no room left"),
        (KeyError("ours"), 500, "This is our fault"),
    ],
)
def test_whatever_breaks_the_form_is_given_back_and_can_be_sent_again(
    cast, sign_in, family, monkeypatch, error, status, says
):
    alice = sign_in(cast.alice)
    alice.raise_request_exception = False
    url, form = note_of(alice, family)
    with monkeypatch.context() as broken:
        failing(broken, error)
        answer = alice.post(url, form, **OURS)
    assert answer.status_code == status
    page = text_of(answer)
    assert "Not stored, try again" in page
    assert says in page
    assert "Worried that a child is not safe?" in page
    assert "&lt;b&gt;mornings&lt;/b&gt;" in answer.content.decode()
    again = opened(alice, url, _ok(answer))
    assert again["text"] == WORDS
    assert alice.post(url, again, **OURS).status_code == 302
    assert alice.post(url, again, **OURS).status_code == 302
    with acting_as_system("test"):
        assert Note.objects.filter(text=WORDS).count() == 1


def _ok(answer):
    answer.status_code = 200
    return answer


def test_files_are_to_be_chosen_again_by_name_and_no_piece_stays(cast, sign_in, family, monkeypatch, settings):
    alice = sign_in(cast.alice)
    alice.raise_request_exception = False
    url = reverse("file_document", args=[family.reference])
    form = opened(alice, url) | {"kind": "letter", "title": "A letter from school", "readers": "everyone"}
    with monkeypatch.context() as broken:
        failing(broken, OSError(errno.ENOSPC, "No space left"), documents.Document, "save")
        scan = SimpleUploadedFile("a letter.pdf", b"%PDF-1.7\n%%EOF")
        answer = alice.post(url, form | {"scan": scan}, **OURS)
    assert "Choose this file again: a letter.pdf" in text_of(answer)
    assert "A letter from school" in text_of(answer)
    assert "no room left" in text_of(answer)


def test_who_was_signed_out_meanwhile_gets_their_words_back_and_sends_them_once_signed_in(cast, sign_in, family):
    alice = sign_in(cast.alice)
    url, form = note_of(alice, family)
    gone = Client()
    answer = gone.post(url, form, **OURS)
    assert answer.status_code == 403
    page = text_of(answer)
    assert "You were signed out" in page
    assert "mornings" in page
    assert sign_in(cast.alice).post(url, opened(gone, url, _ok(answer)), **OURS).status_code == 302


def test_who_signed_in_again_meanwhile_gets_their_words_back(cast, family):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.alice, backend="django.contrib.auth.backends.ModelBackend")
    url, form = note_of(strict, family)
    answer = strict.post(url, form | {"csrfmiddlewaretoken": "x" * 64}, **OURS)
    assert "You signed out, or in again" in text_of(answer)
    assert strict.post(url, opened(strict, url, _ok(answer)), **OURS).status_code == 302


@pytest.mark.parametrize(
    "headers", [{"HTTP_ORIGIN": "https://elsewhere.example"}, {}, {**OURS, "HTTP_SEC_FETCH_SITE": "cross-site"}]
)
def test_nobody_is_offered_to_send_what_another_site_made_up(cast, family, headers):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.alice, backend="django.contrib.auth.backends.ModelBackend")
    url, form = note_of(strict, family)
    answer = strict.post(url, form | {"csrfmiddlewaretoken": "x" * 64}, **headers)
    assert answer.status_code == 403
    assert "mornings" not in text_of(answer)
    assert "mornings" not in text_of(Client().post(url, form, **headers))


def test_a_password_is_never_given_back(db, monkeypatch):
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("django.contrib.auth.authenticate", None)
    answer = client.post("/accounts/login/", {"login": "a@b.example", "password": "a good long password"}, **OURS)
    assert "a good long password" not in answer.content.decode()


def test_when_the_database_goes_away_at_the_very_end_it_is_said_that_nobody_knows(cast, sign_in, family, monkeypatch):
    """The note is stored; that its writer is told so could not be."""
    alice = sign_in(cast.alice)
    url, form = note_of(alice, family)
    with monkeypatch.context() as broken:
        failing(broken, UpdateError, SessionStore, "save")
        answer = alice.post(url, form, **OURS)
    assert answer.status_code == 503
    page = text_of(answer)
    assert "Perhaps not stored, try again" in page
    assert "mornings" in page
    assert "You had sent this already. It was saved once." in text_of(
        alice.post(url, opened(alice, url, _ok(answer)), **OURS, follow=True)
    )
    with acting_as_system("test"):
        assert Note.objects.filter(text=WORDS).count() == 1
