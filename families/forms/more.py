"""What is asked of everyone and may have no answer: each is said, or why it isn't."""

from typing import Any

from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import RadioField, TextField
from earlyhelp.govuk.forms import GovukForm, Layout
from families.numbers import is_nhs_number, is_upn

NO_ANSWER = ("Not known", "Not asked", "Prefers not to say")
SAID = "said"
# Name → question, what its answer is called, and a hint
QUESTIONS = {
    "gender": ("What is their gender?", "their gender", ""),
    "language": ("What is their first language?", "their first language", "British Sign Language is one."),
    "ethnicity": ("What is their ethnicity?", "their ethnicity", "In their own words."),
    "disability": ("Do they have a disability?", "the disability, or “none”", "And what it means for them."),
    "nhs_number": ("What is their NHS number?", "their NHS number", "It has 10 digits, such as 943 476 5919."),
    "upn": (
        "What is their unique pupil number?",
        "their unique pupil number",
        "A letter and 12 more, from the school.",
    ),
}
PUPILS = ("upn",)


class MoreForm(GovukForm):
    """Six questions, each with “not known”, “not asked” and “prefers not to say”; a pupil number only of a child."""

    def __init__(self, *args: Any, is_child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for name in QUESTIONS if is_child or name not in PUPILS]
        for name in self.names:
            question, what, hint = QUESTIONS[name]
            said = f"{name}_said"
            self.fields[name] = RadioField(
                label=f"{question} (optional)",
                required=False,
                choices=[Choice(SAID, "They said", reveals=(said,)), *((text, text) for text in NO_ANSWER)],
                small=True,
            )
            self.fields[said] = TextField(
                label=what.capitalize(),
                required_message=f"Enter {what}",
                max_length=80,
                help_text=hint,
                width="two-thirds",
            )

    def layout(self) -> Layout:
        return Layout(*self.names)

    def clean_nhs_number_said(self) -> str:
        return self._checked("nhs_number", is_nhs_number, "Enter an NHS number with 10 digits. Check each of them")

    def clean_upn_said(self) -> str:
        message = "Enter a unique pupil number: a letter and 12 more. Check each of them"
        return self._checked("upn", is_upn, message)

    def _checked(self, name: str, is_right: Any, message: str) -> str:
        text: str = self.cleaned_data[f"{name}_said"].replace(" ", "").upper()
        if text and not is_right(text):
            self.add_error(f"{name}_said", message)
        return text

    def answers(self) -> dict[str, str]:
        """What is kept of each: the words, why there are none, or nothing."""
        data = self.cleaned_data
        return {n: data[f"{n}_said"] if data[n] == SAID else data[n] or "" for n in self.names}


def shown(name: str, kept: str) -> dict[str, str]:
    """How the form shows what is kept."""
    if kept in NO_ANSWER or not kept:
        return {name: kept}
    return {name: SAID, f"{name}_said": kept}
