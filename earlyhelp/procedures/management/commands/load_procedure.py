from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from earlyhelp.procedures import services
from earlyhelp.procedures.document import NAMES, Unreadable, text_of


class Command(BaseCommand):
    """Loads a local procedure, after saying what follows from it."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help=f"A TOML file, or one that comes with the product: {', '.join(NAMES)}")
        parser.add_argument("--why", default="Loaded by whoever runs the system.")
        parser.add_argument("--look", action="store_true", help="Say what follows, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            text = text_of(name) if name in NAMES else Path(name).read_text()
            for said in services.effects(text):
                self.stdout.write(said)
            if not options["look"]:
                version = services.load(text=text, actor=None, why=options["why"])
                self.stdout.write(f"Loaded, as version {version.number}.")
        except Unreadable as unreadable:
            raise CommandError("\n".join(str(mistake) for mistake in unreadable.mistakes)) from None
        except OSError as error:
            raise CommandError(f"{name} can’t be read: {error.strerror}") from None
