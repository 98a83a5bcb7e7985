from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from earlyhelp.access.levels import Level
from earlyhelp.access.models import Change
from earlyhelp.access.owner import as_owner
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from families.models import Family


class Command(BaseCommand):
    help = "Erase for good what history keeps of a family. Who decided it, when and why stays in its place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the family's reference, such as 482-9157")
        parser.add_argument("--by", required=True, help="the e-mail address of who decided it")
        parser.add_argument("--why", required=True, help="the reason, without names")

    def handle(self, *args: Any, reference: str, by: str, why: str, **options: Any) -> None:
        with as_owner(connection, why="erase history"), transaction.atomic():
            family = Family.objects.filter(reference=reference).first()
            user = User.objects.filter(email=by.lower()).first()
            if family is None:
                raise CommandError("There is no family with this reference. Check it and try again.")
            if user is None:
                raise CommandError("Nobody has an account with this e-mail address. Name who decided it.")
            if not why.strip():
                raise CommandError("Enter the reason: it is what stays.")
            erased, _ = Change.objects.filter(family_id=family.pk).exclude(kind=Change.Kind.ERASE).delete()
            Change.objects.create(
                kind=Change.Kind.ERASE,
                table_name=Family._meta.db_table,
                row_id=family.pk,
                at=clock.now(),
                user_id=user.pk,
                system=why.strip()[:200],
                family_id=family.pk,
                level=Level.BASIC,
            )
        self.stdout.write(f"{erased} changes of {reference} are erased from history.")
