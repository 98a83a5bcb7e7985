"""One section of an assessment to write."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assessments import forms, policies, presenters, services
from assessments.models import Section
from assessments.views.assessment import assessment_or_404
from earlyhelp.access.views import Forbidden
from earlyhelp.accounts.models import Agency, User
from earlyhelp.drafts.changes import FamilyChangePage
from earlyhelp.drafts.models import Draft
from families.presenters import whom_not_to_write_about


class SectionPage(FamilyChangePage, abstract=True):
    """One section to write. Whoever saves second gets both texts; who may write no longer gets their words to copy."""

    action = policies.WRITE
    form_class = forms.SectionForm
    template_name = "assessments/section.html"
    success = "Saved."
    this = "this section"
    section: Section
    form: forms.SectionForm

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.family)
        self.saved()
        self.title = f"Assessment {self.family.reference}: {Section.Key(self.section.key).label.lower()}"

    def draft_title(self) -> str:
        return self.title

    def find(self, **kwargs: Any) -> Section:
        """The section, or a new one that its first save will make."""
        raise NotImplementedError

    def existing(self, **lookup: Any) -> Section | None:
        rows = Section.objects.filter(family=self.family, assessment=self.assessment, **lookup)
        return rows.select_related("person", "agency", "saved_by", "saved_agency").first()

    def store(self, **texts: Any) -> None:
        raise NotImplementedError

    def agency(self) -> Agency | None:
        return services.acting_agency(user=self.user, family=self.family)

    def thing(self) -> Section:
        return self.section

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Forbidden as refusal:
            words = [request.POST.get(name, "").strip() for name in Section.WORDS]
            if not any(words) or not hasattr(self, "section"):
                raise
            return self.page(
                "assessments/not_saved.html", status=403, reason=refusal.reason, words=list(filter(None, words))
            )

    def draft_key(self) -> str:
        return presenters.draft_key(self.section)

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def form_kwargs(self) -> dict[str, Any]:
        return {"child": self.section.person}

    def saved(self) -> Section:
        self.section = self.find(**self.kwargs)
        self.section.assessment = self.assessment
        return self.section

    def initial_of(self, row: Section) -> dict[str, Any]:
        return {name: getattr(row, name) for name in services.FIELDS}

    def saver(self, row: Section) -> tuple[User | None, str, datetime | None]:
        return row.saved_by, row.saver, row.saved_at

    def save(self, form: forms.SectionForm) -> str:
        self.store(**form.cleaned_data)
        return self.back_url()

    def show(self, form: forms.SectionForm, draft: Draft | None) -> HttpResponse:
        self.form = form
        return super().show(form, draft)

    def beside(self, form: forms.SectionForm, row: Section, began: int) -> forms.SectionForm:
        self.form = super().beside(form, row, began)
        return self.form

    def context(self) -> dict[str, Any]:
        warnings = [] if self.section.person_id else whom_not_to_write_about(self.family, self.asker)
        more: dict[str, Any] = {"section": self.section, "warnings": warnings}
        if hasattr(self, "form"):
            theirs = {name: answer for name, _, answer in self.conflicts}
            more["rows"] = [(self.form[name], theirs.get(name)) for name in self.form.fields]
            more["hint"] = presenters.HINTS[self.section.key]
        return super().context() | more


class WriteSection(SectionPage):
    def find(self, **kwargs: Any) -> Section:
        found = self.existing(pk=kwargs["pk"])
        if found is None:
            raise Http404
        return found

    def agency(self) -> Agency | None:
        return self.section.agency or super().agency()

    def store(self, **texts: Any) -> None:
        services.save_section(
            section=self.section, version=self.version, actor=self.user, agency=self.agency(), **texts
        )


class WriteAboutChild(SectionPage):
    """A child who joined the record after the start: the first save makes the section."""

    def find(self, **kwargs: Any) -> Section:
        self.person = get_object_or_404(services.children_of(self.family), pk=kwargs["person"])
        found = self.existing(key=Section.Key.CHILD, person=self.person)
        return found or Section(family=self.family, key=Section.Key.CHILD, person=self.person)

    def store(self, **texts: Any) -> None:
        services.write_about_child(
            assessment=self.assessment,
            person=self.person,
            version=self.version,
            actor=self.user,
            agency=self.agency(),
            **texts,
        )


class Contribute(SectionPage):
    """What the asker's own agency knows."""

    def find(self, **kwargs: Any) -> Section:
        self.mine = self.agency()
        found = self.existing(key=Section.Key.AGENCY, agency=self.mine) if self.mine else None
        return found or Section(family=self.family, key=Section.Key.AGENCY, agency=self.mine)

    def store(self, **texts: Any) -> None:
        assert self.mine is not None
        services.contribute(
            assessment=self.assessment, agency=self.mine, version=self.version, actor=self.user, **texts
        )
