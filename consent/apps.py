from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Agreement and sharing"

    def ready(self) -> None:
        from consent import clocks, navigation, notices  # noqa: F401
        from consent.services import following, mistakes, own_word, procedure, wording
        from consent.services import leaving as word
        from earlyhelp.procedures.services import EFFECTS, FOLLOWS
        from families.services import leaving, waiting

        EFFECTS.extend([procedure.what_follows, wording.what_follows])
        FOLLOWS.append(wording.follow)
        leaving.LEFT.append(word.let_run_out)
        leaving.BACK += [mistakes.take_back_leaving, word.nobody_to_ask_about, own_word.ask_again]
        leaving.NEVER += [mistakes.take_back_all, word.nobody_to_ask_about]
        leaving.RIGHT += [mistakes.restore_all, own_word.ask_again]
        waiting.FROM_BIRTH.append(following.from_birth)
        waiting.FROM_RELATION.append(following.from_relation)
