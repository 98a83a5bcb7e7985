from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = "Write every grant anew from its sources, and say how many were wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_disagreements(), access_rebuild(), access_disagreements()")
            wrong, _, left = cursor.fetchone()
        self.stdout.write(f"{wrong} grants disagreed with their sources; {left} do now.")
