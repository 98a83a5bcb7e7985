"""A note is corrected or added to by its author, beside the first text, for the same readers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import FiledInError, Note
from families.services import episodes, errors
from tests.pages import opened, text_of


@pytest.fixture
def note(cast, family):
    with acting_as(cast.charlie):
        said = {"kind": "call", "at": clock.now() - timedelta(hours=1), "with_whom": "Grace", "about": []}
        return episodes.write_note(
            family=family, episode=family.episode(), text="Ada is seven.", actor=cast.charlie, only_agency=cast.health,
            **said,
        )  # fmt: skip


def notes(client, family) -> str:
    return text_of(client.get(f"{family.get_absolute_url()}notes/"))


def test_a_correction_stands_below_the_first_text(cast, sign_in, family, note):
    charlie, url = sign_in(cast.charlie), reverse("add_to_note", args=[family.reference, note.pk])
    assert "Add to this, or correct it" in notes(charlie, family)
    assert "Ada is seven." in text_of(charlie.get(url))
    assert "Select what you add" in text_of(charlie.post(url, opened(charlie, url)))
    sent = opened(charlie, url) | {"corrects": "yes", "text": "She is nine."}
    assert "It stands below the note" in text_of(charlie.post(url, sent, follow=True))
    page = notes(charlie, family)
    assert page.index("Ada is seven.") < page.index("Correction by Charlie") < page.index("She is nine.")
    assert page.count("Phone call with Grace") == 1


def test_it_has_the_same_readers(cast, sign_in, family, note):
    with acting_as(cast.charlie):
        more = episodes.add_to_note(note=note, text="She is nine.", corrects=True, actor=cast.charlie)
        assert Note.objects.filter(pk=more.pk).exists()
    for user in (cast.alice, cast.manager):
        with acting_as(user):
            assert not Note.objects.exists()
        assert "She is nine." not in notes(sign_in(user), family)


def test_nobody_else_adds_to_it(cast, family, note):
    with acting_as(cast.charlie), pytest.raises(Refused, match="Only who wrote the note"):
        episodes.add_to_note(note=note, text="No.", corrects=False, actor=cast.alice)


def test_filed_in_the_wrong_family_it_goes_with_its_note_and_comes_back_with_it(cast, sign_in, family, note):
    with acting_as(cast.charlie):
        episodes.add_to_note(note=note, text="She is nine.", corrects=True, actor=cast.charlie)
        errors.file_in_error(item=note, reason="Wrong family", actor=cast.charlie)
        assert not Note.objects.exists()
    with acting_as_system("test"):
        stub = FiledInError.objects.get(row_id=note.pk)
    errors.restore(stub=stub, actor=cast.service)
    with acting_as(cast.charlie):
        assert Note.objects.count() == 2
