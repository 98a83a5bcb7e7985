"""A scan goes into the wrong family; at the next click nobody sees it there, and the service manager knows who did."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consent.documents import file_scan
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.services import episodes
from tests.cast import led_family, make_cast, mother

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_a_scan_filed_in_the_wrong_family_is_gone_at_the_next_click(visitor):
    cast = make_cast()
    family = led_family(cast)
    with acting_as(cast.alice):
        file_scan(
            family=family,
            upload=SimpleUploadedFile("form.pdf", b"%PDF-1.7\n%%EOF\n"),
            signed_on=clock.today(),
            actor=cast.alice,
        )
    url = family.get_absolute_url()
    with acting_as_system("test"):
        scan = f"{url}documents/{family.episode().documents.get().pk}/"
    manager = visitor(cast.manager).is_signed_in().goes_to(f"{url}documents/").sees("Signed agreement of")
    assert manager.status_of(scan) == 200

    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}documents/").sees("Not checked for viruses")
    alice.follows("This was filed in the wrong family").sees("The service manager is told")
    alice.presses("Remove it from this family").sees("Enter how you know that it is in the wrong family")
    alice.types("How do you know that it is in the wrong family?", "The form names other people.")
    alice.presses("Remove it from this family").sees("It is gone from this family", "was filed here in error by Alice")
    alice.does_not_see("Not checked for viruses", "The form names other people")
    alice.follows("Chronology").sees("Filed here in error")

    assert manager.status_of(scan) == 404
    manager.follows("Documents").sees("was filed here in error by Alice")

    service = visitor(cast.service).is_signed_in().goes_to(f"{url}who-can-see/").follows("Filed in error")
    service.goes_to("/").presses("Something was filed in the wrong family")
    service.sees("The form names other people.", "Manager", "The file itself")
    service.follows("It was right here after all").presses("Put it back").sees("It is in its place again")
    assert manager.status_of(scan) == 200


def test_who_may_read_a_note_is_chosen_and_said_and_a_past_day_is_told(visitor):
    cast = make_cast()
    family = led_family(cast)
    with acting_as(cast.alice):
        grace = mother(family).name
        episodes.record_contact(
            family=family, episode=family.episode(), at=clock.now(), how="call", reached=True, note="She was well.",
            actor=cast.alice,
        )  # fmt: skip
    url = family.get_absolute_url()
    charlie = visitor(cast.charlie).is_signed_in().goes_to(f"{url}notes/").follows("Write a case note")
    charlie.presses("Keep the note").sees("Select what it was")
    charlie.answers("What was it?", "Phone call").dates("When was it?", clock.today(), "00:00")
    charlie.types("With whom?", "Ada").types("What happened?", "Ada asked me to keep this between us.")
    charlie.answers("Who may read this?", "Only Health visiting")
    charlie.group("Is there anyone in the family who must not be told?").get_by_label(grace, exact=True).check()
    charlie.presses("Keep the note").sees("Only Health visiting may read this", f"{grace} must not be told")

    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}notes/").sees("She was well.")
    alice.does_not_see("keep this between us")
    alice.goes_to(f"{url}who-can-see/").follows("Who could see it on a date?")
    alice.presses("Show").sees("Enter a date")
    alice.dates("On which date?", clock.today()).presses("Show").sees("Charlie", "Grace Okafor: agreed")
    alice.goes_to(f"{url}who-can-see/why-not/?person={cast.dana.pk}").sees("Without being on the team")
