from typing import Any

from django.urls import reverse

from earlyhelp.timescales.clocks import Clock


def _its_page(family: Any, step_down: Any) -> str:
    return f"/step-downs/{step_down.reference}/"


STEP_UP_WRITTEN = Clock(
    "step_up_written",
    "Written part of a step-up",
    of="stepdown.StepUp",
    starts="social care was told",
    met_by="the written part is sent",
    todo="Send the written part of the step-up",
    link=lambda family, row: reverse("show_step_up", args=[family.reference, row.pk]),
    keeps_its_owner=True,
    overseen=True,  # for whoever wrote it, and managers: others may not know of whom it tells
)
JOINT_VISIT = Clock(
    "joint_visit",
    "Joint visit",
    of="stepdown.StepDown",
    starts="the panel agreed",
    met_by="a visit of the social worker and the new lead together",
    todo="Visit the family together",
    link=_its_page,
    keeps_its_owner=True,
)
