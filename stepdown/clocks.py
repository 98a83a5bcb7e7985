from typing import Any

from earlyhelp.timescales.clocks import Clock


def _its_page(family: Any, step_down: Any) -> str:
    return f"/step-downs/{step_down.reference}/"


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
