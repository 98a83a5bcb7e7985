from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from earlyhelp.access import declared
from earlyhelp.access.owner import as_owner, give_to_application
from earlyhelp.access.triggers import rebuild


class Command(DjangoMigrate):
    """Migrate as the owner and as the system: constraints and data migrations must see what row security hides. Once
    all is applied, the declared functions, views, triggers and policies follow, then grants, then the application's rights.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with as_owner(connection, why="migrate"):
            super().handle(*args, **options)
            if options["plan"]:
                return
            executor = MigrationExecutor(connection)
            if options["check_unapplied"]:
                if different := declared.differences(connection):
                    raise SystemExit("Not as declared: " + ", ".join(different))
            elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
                self.stdout.write(
                    "Migrations are left to apply; until then functions, views, triggers and policies stay."
                )
            else:
                self.declare(connection, options["verbosity"])

    def declare(self, connection: Any, verbosity: int) -> None:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            made = declared.install(connection)
            if made:
                rebuild(cursor)
            give_to_application(connection)
        if verbosity:
            self.stdout.write(f"Functions, views, triggers and policies made anew: {len(made)}")
