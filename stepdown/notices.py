from earlyhelp.notifications.registry import REFERENCE_ONLY, Notice, may_read


class IsItYours(Notice):
    kind = "stepdown.is_it_yours"
    text = "a step-down was opened for you, {reference}: please say whether it is yours"
    readers = may_read("families.Request")


class FamilyFound(Notice):
    kind = "stepdown.found"
    text = "the family that you step down was found or opened: {reference}"
    readers = may_read("families.Request")


class SteppedDownInto(Notice):
    kind = "stepdown.into"
    text = "social care steps the family {reference} down, whose early help is open: please read what is still to do"


class SteppedDownWithin(Notice):
    kind = "stepdown.within"
    text = "a step-down to early help was opened for {reference}: please see what is next"


class PanelWaits(Notice):
    kind = "stepdown.panel"
    text = "the panel’s agreement of early help is asked for, for {reference}"


class GateClosed(Notice):
    kind = "stepdown.gate_closed"
    text = "the step-down {reference} can’t be completed any more: please see what is missing"
    readers = may_read("families.Request")


class HandedOver(Notice):
    kind = "stepdown.handed_over"
    text = "the step-down of {reference} is complete: early help goes on, and social care has closed"
    readers = REFERENCE_ONLY


class Stopped(Notice):
    kind = "stepdown.stopped"
    text = "the step-down of {reference} was stopped: the case stays with social care"
    readers = REFERENCE_ONLY


class GivenOn(Notice):
    kind = "stepdown.given_on"
    text = "the step-down {reference} is yours now"
    readers = may_read("families.Request")


class SteppedUp(Notice):
    kind = "stepdown.stepped_up"
    readers = may_read("stepdown.StepUp")
    text = "the family {reference} is stepped up to social care: please read why"


class StepUpTakenBack(Notice):
    kind = "stepdown.step_up_taken_back"
    readers = may_read("stepdown.StepUp")
    text = "the step-up of the family {reference} was made by mistake, and taken back"


class PleaseCountersign(Notice):
    kind = "stepdown.countersign"
    text = "you are to oversee the help for {reference} as a child in need: please read why, and countersign"


class LevelChanged(Notice):
    kind = "stepdown.level"
    text = "the level of help for {reference} has changed, or who oversees it"


class StepUpAnswered(Notice):
    kind = "stepdown.step_up_answered"
    readers = may_read("stepdown.StepUp")
    text = "social care has answered about the family {reference}"
