from assessments.models import Assessment
from assessments.rules import closed_words
from earlyhelp.core.errors import Refused


def lock_open(assessment: Assessment) -> None:
    """Hold the assessment until this transaction ends; refused once it is closed.

    Nothing is joined: a joined row would be as it was before the wait for the lock.
    """
    row = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    if reason := closed_words(row):
        raise Refused(reason)
