"""One page for the family: who works with them, and how they are reached."""

from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from consent.models import Disclosure
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Cover, User
from earlyhelp.core import clock
from tests.pages import opened


def test_the_family_reads_who_works_with_them_and_their_phone_numbers(cast, sign_in, family):
    User.objects.filter(pk=cast.alice.pk).update(phone="01632 960111", job_title="Deputy head")
    Cover.objects.create(user=cast.bob, covered=cast.alice, agency=cast.school, until=clock.now() + timedelta(days=3))
    alice, url = sign_in(cast.alice), f"{family.get_absolute_url()}team/print/"
    assert url in alice.get(f"{family.get_absolute_url()}team/").content.decode()
    answer = alice.post(url, opened(alice, url))
    pages = PdfReader(BytesIO(answer.content)).pages
    paper = " ".join(pages[0].extract_text().split())
    assert len(pages) == 1
    for said in (
        "Who works with our family", "Alice", "Deputy head, Birch Primary School", "Your lead practitioner", "01632 960111",
        "Bob", "Stands in for Alice until", "Charlie", "On the team around your family", "Noor Hill",
    ):  # fmt: skip
        assert said in paper
    with acting_as_system("test"):
        assert Disclosure.objects.get(family=family).what == "Who works with the family, and how they are reached"
