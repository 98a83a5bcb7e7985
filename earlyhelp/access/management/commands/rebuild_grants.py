from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from earlyhelp.access.triggers import disagreements, rebuild


class Command(BaseCommand):
    help = (
        "Write every grant, and how each family stands, anew from what they follow from, and say how many were wrong."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        wrong = disagreements()
        with connection.cursor() as cursor:
            rebuild(cursor)
        for what, left in disagreements().items():
            self.stdout.write(f"{wrong[what]} {what} disagreed with their sources; {left} do now.")
