"""What was filed in a family’s record in error, and putting it back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.views import FamilyView
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.workspace import who
from families.models import Family, FiledInError, Person
from families.policies import RESTORE, SEE_ERRORS
from families.services.errors import restore
from families.services.leaving import right_after_all


class FiledErrors(FamilyView):
    """What was filed here in error."""

    action = SEE_ERRORS
    template_name = "workspace/filed_in_error.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page(stubs=_stubs(self.family))


def _stubs(family: Family) -> list[FiledInError]:
    """All of them, also of notes that few could read: for the service manager."""
    with acting_as_system("what was filed in error"):
        return list(FiledInError.objects.filter(family=family).select_related("filed_by", "created_by"))


def _stub(family: Family, pk: int) -> FiledInError:
    found = next((stub for stub in _stubs(family) if stub.pk == pk), None)
    if found is None:
        raise Http404
    return found


class WhoHadOpened(FamilyView):
    """One thing that was filed here in error: why it is gone, and who had opened it before."""

    action = SEE_ERRORS
    template_name = "workspace/who_had_opened.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        stub = _stub(self.family, pk)
        return self.page(stub=stub, openers=who.opened(stub))


class RightAfterAll(FamilyFormPage):
    """The service manager puts back what was removed by mistake."""

    action = RESTORE
    form_class = GovukForm
    title = "Was it right here after all?"
    submit_text = "Put it back"
    success = "It is in its place again."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.stub = _stub(self.family, kwargs["pk"])
        self.warning = f"The {self.stub.what} can be seen again by everyone who may see this family’s record."

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}filed-in-error/"

    def save(self, form: GovukForm) -> str:
        put_back = right_after_all if self.stub.table_name == Person._meta.db_table else restore
        put_back(stub=self.stub, actor=self.user)
        return self.back_url()
