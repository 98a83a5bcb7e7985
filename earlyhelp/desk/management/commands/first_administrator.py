from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from earlyhelp.accounts.models import Agency, Role, WorksFor
from earlyhelp.core.errors import Refused
from earlyhelp.desk.services import people, places


class Command(BaseCommand):
    """Makes the first service administrator, who invites everyone else; says the link by which they choose a password."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("email")
        parser.add_argument("--agency", default="Early Help service", help="where they work; it is added if need be")

    def handle(self, *args: Any, **options: Any) -> None:
        if WorksFor.objects.filter(role=Role.ADMINISTRATOR).exists():
            raise CommandError("There is a service administrator already, who can invite another.")
        try:
            agency = Agency.objects.filter(name=options["agency"]).first() or places.add_agency(
                name=options["agency"], kind=Agency.Kind.EARLY_HELP, actor=None
            )
            place = people.Place(agency, Role.ADMINISTRATOR)
            user = people.invite(name=options["name"], email=options["email"], place=place, actor=None)
        except Refused as refused:
            raise CommandError(refused.reason) from None
        key = [user_pk_to_url_str(user), default_token_generator.make_token(user)]
        path = reverse("account_reset_password_from_key", args=key)
        self.stdout.write(
            f"{user.name} is the service administrator. They choose a password at {settings.SITE_URL}{path}"
        )
        self.stdout.write("The link works once, for three days. It is on its way to them by e-mail, too.")
