"""A family changes its mind about one agency; its practitioner loses everything at the next click."""

import io
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from consent.documents import file_scan
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.services import episodes
from tests.cast import child, led_family, make_cast

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]
TOUR = Path(__file__).parents[2] / "docs" / "tour"


def side_by_side(name: str, *visitors) -> None:
    """A picture of two people's screens, for the README: with TOUR=1 alone, since tests change no file of the project."""
    if not os.environ.get("TOUR"):
        return
    shots = [Image.open(io.BytesIO(v.page.screenshot())) for v in visitors]
    gap = 20
    width = sum(shot.width for shot in shots) + gap * (len(shots) - 1)
    picture = Image.new("RGB", (width, max(shot.height for shot in shots)), "#505a5f")
    left = 0
    for shot in shots:
        picture.paste(shot, (left, 0))
        left += shot.width + gap
    picture.resize((width // 2, picture.height // 2)).quantize(64).save(TOUR / name, optimize=True)


def test_when_a_family_stops_sharing_with_an_agency_its_practitioner_loses_the_record_at_the_next_click(visitor):
    cast = make_cast()
    family = led_family(cast)
    with acting_as(cast.alice):
        file_scan(
            family=family,
            upload=SimpleUploadedFile("form.pdf", b"%PDF-1.7\n%%EOF\n"),
            signed_on=clock.today(),
            actor=cast.alice,
        )
        episodes.write_note(
            family=family,
            episode=family.episode(),
            kind="visit",
            at=clock.now(),
            with_whom="Grace and Ada",
            about=[child(family).pk],
            text="Ada showed me her reading book. Mornings are hard for everyone.",
            actor=cast.alice,
        )
    url = family.get_absolute_url()
    with acting_as_system("test"):
        scan = f"{url}documents/{family.episode().documents.get().pk}/"

    alice = visitor(cast.alice).is_signed_in().goes_to(url).sees("Okafor family", "Charlie")
    charlie = visitor(cast.charlie).is_signed_in().goes_to(url).sees("Okafor family", "Ada Okafor")
    assert charlie.status_of(f"{url}sharing/form/") == charlie.status_of(f"{url}notes/") == 200
    assert alice.status_of(scan) == 200
    assert charlie.status_of(scan) == 403
    charlie.goes_to("/families/").sees(family.reference)
    charlie.goes_to(url)
    if os.environ.get("TOUR"):
        alice.page.screenshot(path=TOUR / "family.png")
    side_by_side("before.png", alice, charlie)

    charlie.goes_to(f"{url}notes/write/")
    charlie.page.get_by_label("What happened?").fill("Ada’s hearing test is booked for Tuesday.")
    charlie.page.get_by_text("Draft saved").wait_for()

    alice.follows("Sharing").follows("Stop sharing with Health visiting")
    alice.presses("Stop sharing").sees("Select who decided")
    alice.answers("Who decided?", "Grace Okafor").presses("Stop sharing")
    alice.sees("Nothing is shared with Health visiting any more")

    charlie.presses("Keep the note").sees("Your access has ended", family.reference)
    charlie.sees("Ada’s hearing test is booked for Tuesday.").does_not_see("Okafor", "Grace")
    alice.follows("Overview")
    side_by_side("after.png", alice, charlie)
    for path in ("", "people/", "notes/", "sharing/form/", "plan/print/", "assessment/print/"):
        assert charlie.status_of(f"{url}{path}") == 404
    assert charlie.status_of(scan) == 404
    charlie.goes_to("/families/").does_not_see(family.reference)
    charlie.goes_to("/search/").types("Name, reference, date of birth or postcode", "Okafor").presses("Search")
    charlie.sees("0 families found")
    charlie.goes_to("/drafts/").follows("Throw away").sees("Ada’s hearing test is booked for Tuesday.")
