from django.apps import AppConfig


class TimescalesConfig(AppConfig):
    name = "earlyhelp.timescales"
    verbose_name = "Timescales"

    def ready(self) -> None:
        from earlyhelp.procedures.services import EFFECTS, FOLLOWS
        from earlyhelp.timescales import following, notices  # noqa: F401

        EFFECTS.append(following.what_follows)
        FOLLOWS.append(following.follow)
