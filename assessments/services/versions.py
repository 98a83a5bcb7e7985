"""The versions of the form: each whole, once, and never changed."""

from django.db.models import Max

from assessments.models import FormVersion
from earlyhelp.procedures.form import AssessmentForm, whole
from earlyhelp.procedures.services import one_at_a_time, procedure_in_force, version_in_force


def form_in_force() -> FormVersion:
    """The form by which an assessment that starts now is asked."""
    return published(whole(procedure_in_force().assessment), version_in_force())


def published(form: AssessmentForm, procedure: int | None) -> FormVersion:
    """A form as a version of its own: the one that says the same, if there is one."""
    body = form.model_dump(mode="json")
    digest = FormVersion.digest_of(body)
    found = FormVersion.objects.filter(digest=digest).first()
    if found:
        return found
    one_at_a_time()
    number = (FormVersion.objects.aggregate(highest=Max("number"))["highest"] or 0) + 1
    found, _ = FormVersion.objects.get_or_create(
        digest=digest, defaults={"number": number, "body": body, "procedure_id": procedure}
    )
    return found
