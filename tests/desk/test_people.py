"""Who has an account and in which roles: invited, given, ended, switched off."""

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Agency, Membership, PasswordMail, Role, Team, User
from earlyhelp.accounts.tasks import send_password_mails
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.desk.models import DeskChange
from earlyhelp.desk.services import people
from earlyhelp.notifications.tasks import deliver
from tests.cast import MONDAY, make_cast, make_user, new_family
from tests.pages import opened, text_of

INVITE = "/settings/people/invite/"


def invitation(cast, **changes) -> dict:
    return {
        "name": "Nia Powell",
        "email": "Nia@Birch.example",
        "agency": cast.school.pk,
        "role": "practitioner",
    } | changes


def test_someone_is_invited_joins_and_works(cast, sign_in, client, mailoutbox):
    admin = sign_in(cast.admin)
    page = admin.post(INVITE, opened(admin, INVITE))
    for words in ("Enter their name", "Enter their e-mail address", "Select where they work", "Select their role"):
        assert words in text_of(page)
    page = text_of(admin.post(INVITE, opened(admin, INVITE) | invitation(cast), follow=True))
    assert "The invitation is on its way." in page
    assert "Not joined yet" in page
    assert "Invited Nia Powell: Practitioner at Birch Primary School" in page
    assert send_password_mails() == 1
    (mail,) = mailoutbox
    assert mail.to == ["nia@birch.example"]
    assert "You are invited to Early Help at Castshire Council" in mail.body
    path = re.search(r"http\S+?(/accounts/\S+)", mail.body)[1]
    form = client.get(path, follow=True)
    where = form.redirect_chain[-1][0]
    password = "quiet otters sing at noon"
    client.post(where, {"password1": password, "password2": password})
    assert client.login(email="nia@birch.example", password=password) or client.login(
        username="nia@birch.example", password=password
    )
    assert "Requests" in text_of(client.get("/"))


def test_a_pasted_list_of_300_with_12_mistakes(cast, sign_in):
    admin, url = sign_in(cast.admin), "/settings/people/invite/list/"
    good = [f"Person {n}, p{n}@list.example, Birch Primary School, Practitioner" for n in range(288)]
    bad = [
        "Bad 1, not an address, Birch Primary School, Practitioner",
        "Bad 2, b2@list.example, Nowhere School, Practitioner",
        "Bad 3, b3@list.example, Birch Primary School, Wizard",
        ", b4@list.example, Birch Primary School, Practitioner",
        "Bad 5, b5@list.example, Birch Primary School, Locality officer",
        "Bad 6, b6@list.example, Birch Primary School, Locality officer, Atlantis",
        "Bad 7, b7@list.example, Birch Primary School, Business support",
        "Bad 8, alice@cast.example, Birch Primary School, Practitioner",
        "Bad 9, p1@list.example, Birch Primary School, Practitioner",
        "Bad 10",
        "Bad 11, b11@list.example",
        "Bad 12, b12@list.example, Birch Primary School",
    ]
    text = "\n".join([*good[:100], *bad[:6], *good[100:], *bad[6:]])
    page = admin.post(url, opened(admin, url) | {"text": text})
    said = text_of(page)
    assert "288 invitations are in." in said
    assert opened(admin, url, page)["text"].strip().splitlines() == bad
    for number, words in ((1, "“not an address” is no e-mail address"), (2, "There is no agency “Nowhere School”"),
                          (3, "There is no role “Wizard”"), (4, "The name is missing"),
                          (5, "Select which area they are the officer of"), (6, "There is no area “Atlantis”"),
                          (7, "Select whom they support"), (8, "Somebody has an account with this address"),
                          (10, "“” is no e-mail address"), (12, "There is no role “”")):  # fmt: skip
        assert re.search(rf"Line {number}, “[^”]*”: {re.escape(words)}", said), words
    assert User.objects.filter(email__endswith="@list.example").count() == 288


def test_a_role_that_ends_opens_nothing_more_and_says_what_hung_on_it(cast, sign_in, family):
    role = Membership.objects.get(user=cast.alice)
    admin, url = sign_in(cast.admin), f"/settings/people/{cast.alice.pk}/role/{role.pk}/end/"
    page = text_of(admin.get(url))
    assert "Leads 1 family" in page
    assert "Okafor" not in page
    assert "Enter why" in text_of(admin.post(url, opened(admin, url)))
    page = text_of(admin.post(url, opened(admin, url) | {"why": "She has left the school."}, follow=True))
    assert "The role has ended" in page
    assert "She has left the school." in page
    assert not Grant.objects.filter(user=cast.alice).exists()
    assert sign_in(cast.alice).get(family.get_absolute_url()).status_code == 404
    assert admin.get(url).status_code == 404


def test_an_account_that_is_switched_off_is_signed_out_at_the_next_click(cast, sign_in):
    alice, admin = sign_in(cast.alice), sign_in(cast.admin)
    assert alice.get("/").status_code == 200
    url = f"/settings/people/{cast.alice.pk}/off/"
    admin.post(url, opened(admin, url) | {"why": "Her laptop was stolen."})
    assert alice.get("/").status_code == 302
    on = f"/settings/people/{cast.alice.pk}/on/"
    admin.post(on, opened(admin, on) | {"why": "It was found again."})
    assert sign_in(User.objects.get(pk=cast.alice.pk)).get("/").status_code == 200
    assert [row.why for row in DeskChange.objects.order_by("pk")] == ["Her laptop was stolen.", "It was found again."]


@pytest.mark.parametrize("what", ["off", "role"])
def test_the_last_administrator_stays(cast, sign_in, what):
    role = Membership.objects.get(user=cast.admin)
    url = f"/settings/people/{cast.admin.pk}/" + ("off/" if what == "off" else f"role/{role.pk}/end/")
    admin = sign_in(cast.admin)
    page = text_of(admin.post(url, opened(admin, url) | {"why": "I am leaving."}))
    assert "There must be a service administrator. Give somebody else that role first" in page
    make_user("Second Admin", cast.council, Role.ADMINISTRATOR)
    assert admin.post(url, opened(admin, url) | {"why": "I am leaving."}).status_code == 302


def test_a_manager_invites_practitioners_of_their_own_agency_and_nobody_else(cast, sign_in):
    manager = sign_in(cast.manager)
    form = opened(manager, INVITE)
    page = text_of(manager.get(INVITE))
    assert "Business support" in page
    assert "Service administrator" not in page
    assert "Oak Primary School" not in page
    assert manager.post(INVITE, form | invitation(cast)).status_code == 302
    for wrong in ({"role": "manager"}, {"role": "administrator"}, {"agency": cast.other_school.pk}):
        sent = opened(manager, INVITE) | invitation(cast, email="x@birch.example") | wrong
        assert manager.post(INVITE, sent).status_code == 200
    assert not User.objects.filter(email="x@birch.example").exists()
    place = people.Place(cast.other_school, Role.PRACTITIONER)
    with pytest.raises(Refused, match="Only a manager of that agency"):
        people.invite(name="X", email="x@birch.example", place=place, actor=cast.manager)
    with pytest.raises(Refused, match="Only a service administrator can give"):
        people.give_role(user=cast.bob, place=people.Place(cast.school, Role.MANAGER), actor=cast.manager)
    with pytest.raises(Refused, match="Nobody gives or ends their own role"):
        people.give_role(user=cast.manager, place=people.Place(cast.school, Role.PRACTITIONER), actor=cast.manager)


def test_a_manager_sees_and_changes_none_but_their_own(cast, sign_in):
    manager, mine = sign_in(cast.manager), Membership.objects.get(user=cast.manager)
    listed = text_of(manager.get("/settings/people/"))
    assert "Bob" in listed
    assert "Dana" not in listed
    assert manager.get(f"/settings/people/{cast.dana.pk}/").status_code == 404
    for path in (f"{cast.bob.pk}/off/", f"{cast.bob.pk}/change/"):
        assert manager.get(f"/settings/people/{path}").status_code == 403
    assert manager.get(f"/settings/people/{cast.manager.pk}/role/{mine.pk}/end/").status_code == 404
    bobs = Membership.objects.get(user=cast.bob)
    url = f"/settings/people/{cast.bob.pk}/role/{bobs.pk}/end/"
    assert manager.post(url, opened(manager, url) | {"why": "He has moved on."}).status_code == 302


def test_who_never_came_is_invited_again_and_who_did_is_not(cast, sign_in):
    admin = sign_in(cast.admin)
    url = f"/settings/people/{cast.bob.pk}/invite/"
    assert admin.post(url, opened(admin, url)).status_code == 302
    assert PasswordMail.objects.filter(user=cast.bob, invites=True).count() == 1
    User.objects.filter(pk=cast.bob.pk).update(last_login="2026-11-01T10:00Z")
    assert "They have signed in before" in text_of(admin.post(url, opened(admin, url)))


def test_the_first_administrator_is_made_once(db, capsys):
    call_command("first_administrator", "Ada Reed", "ada@council.example")
    said = capsys.readouterr().out
    assert re.search(r"choose a password at http\S+/accounts/password/reset/key/", said)
    assert Membership.objects.get().role == Role.ADMINISTRATOR
    assert Agency.objects.get().name == "Early Help service"
    with pytest.raises(CommandError, match="There is a service administrator already"):
        call_command("first_administrator", "Bo Reed", "bo@council.example")


def test_the_list_asks_no_more_of_many_than_of_few(cast, sign_in, django_assert_max_num_queries):
    new_family(cast)
    text = "\n".join(f"Person {n}, p{n}@list.example, Birch Primary School, Practitioner" for n in range(60))
    admin = sign_in(cast.admin)
    people.invite_many(text=text, actor=cast.admin)
    with django_assert_max_num_queries(16):
        page = text_of(admin.get("/settings/people/"))
    assert "people" in page
    assert "Person 3" in text_of(admin.get("/settings/people/?find=person+3"))


def test_who_keeps_roles_has_none_that_sees_families_and_the_other_way_round(cast, sign_in):
    admin = sign_in(cast.admin)
    for user, role, says in (
        (cast.admin, "practitioner", "A service administrator sees no family. End that role before"),
        (cast.admin, "service_manager", "A service administrator sees no family. End that role before"),
        (cast.alice, "administrator", "A service administrator sees no family. End their other roles first"),
    ):
        url = f"/settings/people/{user.pk}/role/"
        form = opened(admin, url) | {"agency": cast.school.pk, "role": role}
        assert says in text_of(admin.post(url, form))
    assert Membership.objects.filter(user__in=[cast.admin, cast.alice]).count() == 2


def test_business_support_is_for_someone_who_works_there_now(cast):
    place = people.Place(cast.school, Role.BUSINESS_SUPPORT, supports=cast.dana)
    with pytest.raises(Refused, match="Dana doesn’t work at Birch Primary School"):
        people.invite(name="X", email="x@birch.example", place=place, actor=cast.manager)
    role = Membership.objects.get(user=cast.bob)
    people.end_role(membership=role, why="He has moved on.", actor=cast.admin)
    place = people.Place(cast.school, Role.BUSINESS_SUPPORT, supports=cast.bob)
    with pytest.raises(Refused, match="Bob doesn’t work at"):
        people.invite(name="X", email="x@birch.example", place=place, actor=cast.manager)
    place = people.Place(cast.school, Role.BUSINESS_SUPPORT, supports=cast.alice)
    assert people.invite(name="X", email="x@birch.example", place=place, actor=cast.manager).pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["role", "account"])
def test_of_two_administrators_who_end_each_other_one_stays(how):
    cast = make_cast()
    other = make_user("Second Admin", cast.council, Role.ADMINISTRATOR)
    holds, may_go_on, refused = threading.Event(), threading.Event(), []

    def end(user, by):
        with clock.frozen_at(MONDAY):
            if how == "account":
                people.switch_off(user=User.objects.get(pk=user.pk), why="They are leaving.", actor=by)
            else:
                people.end_role(membership=Membership.objects.get(user=user), why="They are leaving.", actor=by)

    def first():
        try:
            with transaction.atomic():
                end(other, cast.admin)
                holds.set()
                may_go_on.wait(10)
        finally:
            connection.close()

    def second():
        try:
            end(cast.admin, other)
        except Refused as error:
            refused.append(error.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert holds.wait(10)
    threads[1].start()
    threads[1].join(1)
    assert threads[1].is_alive()  # waits for the first
    may_go_on.set()
    for thread in threads:
        thread.join(20)
    assert len(refused) == 1
    assert Membership.objects.current().filter(role=Role.ADMINISTRATOR, user__is_active=True).count() == 1


def test_a_manager_of_where_someone_worked_reads_nothing_of_them_any_more(cast, sign_in):
    role = Membership.objects.get(user=cast.bob)
    people.give_role(user=cast.bob, place=people.Place(cast.other_school, Role.PRACTITIONER), actor=cast.admin)
    manager, page = sign_in(cast.manager), f"/settings/people/{cast.bob.pk}/"
    people.end_role(membership=role, why="Suspended.", actor=cast.admin)
    assert manager.get(page).status_code == 404
    assert "Bob" not in text_of(manager.get("/settings/people/"))
    people.give_role(user=cast.bob, place=people.Place(cast.school, Role.PRACTITIONER), actor=cast.admin)
    assert "Suspended" not in text_of(manager.get(page))


def test_an_administrators_end_is_not_set_before_and_a_line_too_long_is_named(cast):
    soon = clock.now() + timedelta(days=1)
    place = people.Place(cast.council, Role.ADMINISTRATOR, ends_at=soon)
    with pytest.raises(Refused, match="has no end that is set before"):
        people.give_role(user=cast.admin, place=place, actor=cast.admin)
    taken, (wrong,) = people.invite_many(
        text=f"{'n' * 151}, n@list.example, Birch Primary School, Practitioner", actor=cast.admin
    )
    assert taken == 0
    assert "too long" in wrong.reason


def test_what_an_administrator_ended_a_manager_cannot_give_again(cast):
    place = people.Place(cast.school, Role.PRACTITIONER)
    membership = Membership.objects.get(user=cast.bob, agency=cast.school)
    people.end_role(membership=membership, why="By mistake.", actor=cast.manager)
    people.give_role(user=cast.bob, place=place, actor=User.objects.get(pk=cast.manager.pk))
    membership.refresh_from_db()
    people.end_role(membership=membership, why="He left.", actor=cast.admin)
    with pytest.raises(Refused, match="A service administrator ended this role"):
        people.give_role(user=cast.bob, place=place, actor=User.objects.get(pk=cast.manager.pk))
    people.give_role(user=cast.bob, place=place, actor=cast.admin)


def test_a_role_that_opens_much_is_told_to_those_who_answer_for_it(cast, mailoutbox):
    other = make_user("Other administrator", cast.council, Role.ADMINISTRATOR)
    people.give_role(user=cast.bob, place=people.Place(cast.school, Role.MANAGER), actor=cast.admin)
    deliver()
    assert {mail.to[0] for mail in mailoutbox} == {other.email, cast.service.email}
    assert "Bob" not in mailoutbox[0].body
    mailoutbox.clear()
    place = people.Place(cast.council, Role.SERVICE_MANAGER)
    people.invite(name="Second Mailbox", email="second@council.example", place=place, actor=cast.admin)
    deliver()
    assert {other.email, cast.service.email} <= {mail.to[0] for mail in mailoutbox}


def test_an_end_that_an_administrator_set_stays_theirs(cast):
    place = people.Place(cast.school, Role.PRACTITIONER)
    until = clock.now() + timedelta(days=30)
    membership = Membership.objects.get(user=cast.bob, agency=cast.school)
    people.give_role(user=cast.bob, place=replace(place, ends_at=until), actor=cast.admin)
    membership.refresh_from_db()
    people.end_role(membership=membership, why="Early.", actor=cast.manager)
    with pytest.raises(Refused, match="A service administrator ended this role"):
        people.give_role(user=cast.bob, place=place, actor=User.objects.get(pk=cast.manager.pk))


def test_an_invitation_says_how_a_council_account_signs_in_where_there_is_one(cast, settings, mailoutbox):
    for server in ("", "https://sign-in.council.example"):
        settings.OIDC = {"CLIENT_ID": server and "x", "CLIENT_SECRET": server and "x", "SERVER_URL": server}
        place = people.Place(cast.school, Role.PRACTITIONER)
        people.invite(name="Nia", email=f"nia{len(server)}@birch.example", place=place, actor=cast.admin)
        send_password_mails()
    without, with_it = (mail.body for mail in mailoutbox)
    assert "council account" not in without
    assert f"you need no password: sign in with it at {settings.SITE_URL}" in with_it


def test_someone_moves_to_another_agency_and_into_a_team(cast, sign_in):
    admin, membership = sign_in(cast.admin), Membership.objects.get(user=cast.bob, agency=cast.school)
    team = Team.objects.create(agency=cast.health, name="North team")
    Team.objects.create(agency=cast.school, name="Year 3")
    url = f"/settings/people/{cast.bob.pk}/role/{membership.pk}/move/"
    form = opened(admin, url)
    assert "Select where they work from now on" in text_of(admin.post(url, form | {"why": "He changed his post."}))
    page = text_of(admin.post(url, form | {"agency": cast.health.pk, "why": "He changed his post."}, follow=True))
    assert "They work there now" in page
    now = Membership.objects.current().get(user=cast.bob)
    assert (now.agency, now.role) == (cast.health, Role.PRACTITIONER)
    url = f"/settings/people/{cast.bob.pk}/role/{now.pk}/team/"
    choices = admin.get(url).content.decode()
    assert "North team" in choices
    assert "Year 3" not in choices
    assert "Health visiting, North team" in text_of(
        admin.post(url, opened(admin, url) | {"team": team.pk}, follow=True)
    )
    manager = sign_in(cast.manager)
    alices = Membership.objects.get(user=cast.alice)
    assert (
        str(cast.health) not in manager.get(f"/settings/people/{cast.alice.pk}/role/{alices.pk}/move/").content.decode()
    )
