"""Whom to ring, for everyone who works here."""

import pytest

from earlyhelp.accounts.models import Membership, User
from earlyhelp.desk.services import people
from tests.pages import text_of


@pytest.mark.parametrize("who", ["dana", "admin", "auditor"])
def test_everyone_finds_whom_to_ring(cast, sign_in, who):
    User.objects.filter(pk=cast.charlie.pk).update(phone="01632 960044", job_title="Health visitor")
    client = sign_in(getattr(cast, who))
    page = text_of(client.get("/directory/?find=health"))
    assert "Charlie Health visitor Health visiting 01632 960044 charlie@cast.example" in page
    assert "Bob" not in page
    assert "Locality Officer" in text_of(client.get(f"/directory/?area={cast.north.pk}&role=locality_officer"))
    assert "Nobody is found" in text_of(client.get("/directory/?find=zzz"))
    assert client.get("/directory/?area=%F0&role=x&page=zz").status_code == 200


def test_a_vacant_post_says_who_stands_in(cast, sign_in):
    User.objects.filter(pk=cast.service.pk).update(phone="01632 960045")
    page = text_of(sign_in(cast.dana).get("/directory/"))
    assert "Vacant Nobody is locality officer in South now. Ring Service Manager, 01632 960045." in page
    assert "officer in North" not in page


def test_who_left_is_not_in_it(cast, sign_in):
    role = Membership.objects.get(user=cast.bob)
    people.end_role(membership=role, why="He has moved on.", actor=cast.admin)
    assert "Bob" not in text_of(sign_in(cast.dana).get("/directory/"))


def test_it_asks_no_more_of_many_than_of_few(cast, sign_in, django_assert_max_num_queries):
    text = "\n".join(f"Person {n}, p{n}@list.example, Birch Primary School, Practitioner" for n in range(60))
    people.invite_many(text=text, actor=cast.admin)
    dana = sign_in(cast.dana)
    with django_assert_max_num_queries(16):
        assert "Person 1" in text_of(dana.get("/directory/"))
