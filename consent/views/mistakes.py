"""Taking back what was recorded by mistake: first what it was, and what follows."""

from typing import Any

from django.http import Http404

from consent import policies
from consent.forms.mistakes import MistakeForm
from consent.services import mistakes
from consent.views.choices import ConsentPage
from earlyhelp.accounts.models import Agency
from earlyhelp.govuk.components import Row, when_text
from earlyhelp.govuk.fields import list_words


class TakeBack(ConsentPage):
    action = policies.TAKE_BACK
    form_class = MistakeForm
    template_name = "consent/take_back.html"
    title = "Was this recorded by mistake?"
    submit_text = "It was recorded by mistake"
    success = "It counts for nothing now. What was decided before holds again."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.seen = {person.pk for person in self.family.everyone()}
        found = mistakes.recording(self.family, kwargs["together"])
        if found is None or found.person.pk not in self.seen:
            raise Http404
        self.recording = found

    def context(self) -> dict[str, Any]:
        said = self.recording
        rows = [
            Row("Who", said.person.name),
            Row("What", said.what),
            Row("On", when_text(said.on)),
            Row("Recorded", f"{when_text(said.at)}, by {said.by}" if said.by else when_text(said.at)),
        ]
        changes: dict[tuple[Agency, str, str], list[str]] = {}
        for person, agency, now, then in mistakes.what_follows(self.family, said.together):
            if person.pk in self.seen:
                changes.setdefault((agency, now, then), []).append(person.short_name)
        by_agency = sorted(changes.items(), key=lambda change: change[0][0].name)
        follows = [(*change, list_words(names)) for change, names in by_agency]
        agrees, will_agree = mistakes.agrees(self.family, said.together)
        words = {"changes": agrees != will_agree, "agrees": will_agree}
        return super().context() | {"rows": rows, "follows": follows, **words}

    def save(self, form: MistakeForm) -> str:
        mistakes.take_back(
            family=self.family,
            together=self.recording.together,
            reason=form.cleaned_data["reason"],
            actor=self.user,
        )
        return self.back_url()
