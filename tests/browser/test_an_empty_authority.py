"""From an empty database to a council that works: one command, then pages alone."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from earlyhelp.accounts.models import User
from earlyhelp.accounts.tasks import send_password_mails
from earlyhelp.core import clock
from earlyhelp.procedures.document import text_of as document

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]
PASSWORD = "quiet otters sing at noon"


def joins(visitor, user: User, link: str):
    """By the link in the mail: a password, the sign-in, and the first page."""
    someone = visitor(user)
    someone.goes_to(link).types("New password", PASSWORD).types("New password, once more", PASSWORD)
    someone.presses("Change my password")
    someone.goes_to(reverse("account_login")).types("E-mail address", user.email).types("Password", PASSWORD)
    return someone.presses("Sign in")


def link_in(text: str) -> str:
    return re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", text)[1]


def test_an_administrator_makes_a_council_that_works(visitor, capsys, mailoutbox):
    call_command("first_administrator", "Ada Reed", "ada@council.example")
    link = link_in(capsys.readouterr().out)
    admin = joins(visitor, User.objects.get(), link).sees("Hello, Ada", "You keep the council’s procedure")

    admin.follows("Local procedure").sees("Nobody has loaded one yet").follows("Change the procedure")
    mine = document("default").replace("Marchshire", "Hollowshire")
    admin.types("The procedure", mine).types("Why is it changed?", "We begin with early help.")
    admin.presses("Show what changes").sees("Hollowshire Council").presses("Load this procedure")
    admin.sees("The procedure is loaded, as version 1")

    admin.follows("Areas").sees("There is no area yet")
    for name in ("Hill", "Dale"):
        admin.goes_to("/settings/areas/").follows("Add an area").types("Name", name).presses("Add this area")
    admin.follows("Postcode districts").types("The list", "MX1, Hill\nMX2, Dale").presses("Take this list")
    admin.sees("2 districts are in.")

    for name, kind in (("Larch School", "School"), ("Hill Health Visiting", "Health"), ("Hollow Homes", "Housing")):
        admin.follows("Agencies").follows("Add an agency").types("Name", name)
        admin.selects("What kind of agency is it?", kind).presses("Add this agency").sees(name, "Nobody yet.")

    admin.follows("People").follows("Invite from a list")
    lines = [
        "Lee Hart, lee@larch.example, Larch School, Practitioner",
        "Mo Finch, mo@larch.example, Larch School, Manager",
        "Hana Vale, hana@health.example, Hill Health Visiting, Practitioner",
        "Ola Dean, ola@council.example, Early Help service, Locality officer, Hill",
        "Sam Ware, sam@council.example, Early Help service, Early help service manager",
        "Tia Moss, tia@homes.example, Hollow Homes, Practicioner",
    ]
    admin.types("The list", "\n".join(lines)).presses("Send the invitations")
    admin.sees("5 invitations are in.", "There is no role “Practicioner”")
    admin.types("The list", lines[5].replace("Practicioner", "Practitioner")).presses("Send the invitations")
    admin.goes_to("/settings/people/").sees("7 people", "Not joined yet")

    send_password_mails()
    (mail,) = [mail for mail in mailoutbox if mail.to == ["lee@larch.example"]]
    lee = joins(visitor, User.objects.get(email="lee@larch.example"), link_in(mail.body)).sees("Hello, Lee")
    lee.follows("Ask for support").answers("Is a child suffering significant harm", "No")
    lee.answers("Can your own service meet the need?", "No, the family needs help from others too").presses("Continue")
    lee.types("Family name", "Okafor").types("Postcode", "MX2 1AA")
    ada = lee.group("Person 1")
    ada.get_by_label("Child or young person").check()
    ada.get_by_label("First name").fill("Ada")
    ada.get_by_label("Year").fill(str(clock.today().year - 8))
    lee.presses("Continue").answers("Who is asking for support?", "A practitioner")
    lee.types("What are you worried about, and what help is needed?", "Ada is tired and often late.")
    lee.types("What has your own service tried?", "Breakfast club for a term.")
    lee.answers("Level of need", "Level 2: Early help")
    lee.dates("When did you hear of the need?", clock.today() - timedelta(days=1), "09:30")
    lee.answers("Do those who ask for help agree to this request?", "Yes, they were asked and agree")
    lee.types("Who was asked?", "Grace, Ada’s mother").types("Who agreed?", "Grace Okafor")
    lee.answers("How did they agree?", "Said so")
    lee.presses("Continue").sees("Check your answers", "Dale").presses("Send the request").sees("Request sent")
