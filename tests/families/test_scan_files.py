"""A scan that can't be recorded leaves no file behind; one that is recorded keeps it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction

from consent.documents import file_scan
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.models import Document, TeamMember
from tests.cast import led_family, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def files_of(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@transaction.atomic
def file_as(user, family) -> None:
    with acting_as(user):
        upload = SimpleUploadedFile("form.pdf", b"%PDF-1.4 signed %%EOF")
        file_scan(family=family, upload=upload, signed_on=clock.today(), actor=user)


def test_the_file_is_there_exactly_when_its_row_is(settings):
    cast = make_cast()
    family = led_family(cast)
    with acting_as_system("test"):
        TeamMember.objects.filter(family=family, user=cast.charlie).update(role="attendee")
    with pytest.raises(ProgrammingError):
        file_as(cast.charlie, family)
    assert files_of(settings) == []
    file_as(cast.alice, family)
    (kept,) = files_of(settings)
    with acting_as(cast.alice):
        assert Path(Document.objects.get(family=family).file.path) == kept
