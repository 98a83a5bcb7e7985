"""An assessment as its pages show it: sections in order, what is written and what isn't."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from assessments import policies, services
from assessments.models import Assessment, Section
from earlyhelp.access.actions import Asker
from earlyhelp.accounts.models import Agency
from earlyhelp.drafts.models import Draft
from earlyhelp.govuk.components import Task, when_text
from families.models import Family, TeamMember
from families.services.running import lead_of

Key = Section.Key
HINTS: dict[str, str] = {
    Key.WHY_NOW: "What happened, what led to this assessment, and what the family hopes for.",
    Key.FAMILY_LIFE: (
        "Who is at home and who matters elsewhere, how they get on, their culture, faith and language, and who they"
        " can turn to. Each person’s own view, in their words where you can."
    ),
    Key.PARENTING: "Care and safety, warmth, routines, boundaries, play and learning: what parents do and what is hard.",
    Key.HOME_MONEY_WORK: "The home and neighbourhood, money and debt, work, benefits.",
    Key.HEALTH: "Physical and mental health, disability, alcohol and drugs, safety in relationships.",
    Key.HELP_SO_FAR: "Who has helped before or helps now, when, and what made a difference.",
    Key.CHILD: (
        "Strengths and needs: health, learning, feelings and behaviour, friends, identity. Give facts to compare with"
        " later, such as school attendance and its date."
    ),
    Key.AGENCY: "What your agency knows of this family, and what it does for them. Other agencies on the team read it.",
    Key.ANALYSIS: "What all this means for the children, what comes first, and what you and the family agree to aim for.",
}
NOT_STARTED, IN_PROGRESS, YOUR_DRAFT = (
    "Not\N{NO-BREAK SPACE}started",
    "In\N{NO-BREAK SPACE}progress",
    "Your\N{NO-BREAK SPACE}draft",
)
GROUPS = (
    ("The whole family", services.WHOLE_FAMILY[:-1]),
    ("Each child", (Key.CHILD,)),
    ("What each agency knows", (Key.AGENCY,)),
    ("Together", (Key.ANALYSIS,)),
)


def draft_key(section: Section) -> str:
    """Which form a section is, whatever its address."""
    whose = section.person_id or section.agency_id or ""
    return f"assessment:{section.assessment_id}:{section.key}:{whose}"


def arranged(assessment: Assessment, family: Family) -> list[Section]:
    """The sections that the asker may see, in order; while it is open, also one to begin for each child without."""
    rows = Section.objects.filter(assessment=assessment)
    sections = list(rows.select_related("person", "agency", "saved_by", "saved_agency"))
    for section in sections:
        section.assessment, section.family = assessment, family
    children = list(services.children_of(family))
    if assessment.is_open:
        written = {section.person_id for section in sections}
        sections += [
            Section(family=family, assessment=assessment, key=Key.CHILD, person=child)
            for child in children
            if child.pk not in written
        ]
    keys = list(Key)
    place = {child.pk: number for number, child in enumerate(children)}
    return sorted(sections, key=lambda s: (keys.index(Key(s.key)), place.get(s.person_id or 0, 0), s.title))


def whole(assessment: Assessment, family: Family, *, without: Collection[int] = ()) -> dict[str, Any]:
    """All that is written, in order, and the titles of what isn't, `without` what is about those people: for the screen and
    for paper."""
    sections = [section for section in arranged(assessment, family) if section.person_id not in without]
    return {
        "assessment": assessment,
        "sections": [section for section in sections if section.version],
        "unwritten": [section.title for section in sections if not section.version],
    }


def by_name(family: Family) -> list[Section]:
    """What is written of those whom the asker may read of by name; the assessment itself isn't for them."""
    written = Section.objects.filter(family=family, version__gt=0).order_by("-assessment_id", "person_id")
    return list(written.select_related("person", "agency", "saved_by", "saved_agency"))


def contributing(assessment: Assessment) -> list[Agency]:
    """The agencies that someone on the team is to write for."""
    team = TeamMember.objects.filter(
        episode=assessment.episode, status=TeamMember.Status.ACCEPTED, role=TeamMember.Role.CONTRIBUTOR
    )
    return list({member.agency_id: member.agency for member in team.select_related("agency")}.values())


def may_stay_empty(assessment: Assessment, family: Family) -> list[str]:
    """The sections without which it can be finalised, and in which nothing is written yet."""
    sections = [s for s in arranged(assessment, family) if s.key not in (Key.CHILD, Key.ANALYSIS)]
    have = {section.agency_id for section in sections}
    titles = [section.title for section in sections if not section.has_words]
    lead = lead_of(assessment.episode)
    agencies = {agency.pk: agency for agency in [*([lead.agency] if lead else []), *contributing(assessment)]}
    return titles + [f"What {agency} knows" for agency in agencies.values() if agency.pk not in have]


def task_groups(assessment: Assessment, family: Family, asker: Asker) -> list[tuple[str, list[Task]]]:
    """What there is to write and to read, under headings; the asker's own agency is there before it has written."""
    sections = arranged(assessment, family)
    others: list[Agency] = []
    if assessment.is_open:
        have = {section.agency_id for section in sections}
        mine = services.acting_agency(user=asker.user, family=family)
        if mine and mine.pk not in have and policies.WRITE.level <= asker.level:
            sections.append(Section(family=family, assessment=assessment, key=Key.AGENCY, agency=mine))
            have.add(mine.pk)
        others = [agency for agency in contributing(assessment) if agency.pk not in have]
    drafts = set(
        Draft.objects.filter(user=asker.user, form__startswith=f"assessment:{assessment.pk}:").values_list(
            "form", flat=True
        )
    )
    groups = []
    for heading, keys in GROUPS:
        tasks = [_task(section, asker, draft_key(section) in drafts) for section in sections if section.key in keys]
        if Key.AGENCY in keys:
            tasks += [
                Task(f"What {agency} knows", status_text=NOT_STARTED, status_colour="grey", hint="They write it.")
                for agency in others
            ]
            tasks.sort(key=lambda task: task.title)
        if tasks:
            groups.append((heading, tasks))
    return groups


def _task(section: Section, asker: Asker, has_draft: bool) -> Task:
    status, colour = NOT_STARTED, "grey"
    hint = capfirst(section.person.born_words) if section.person else HINTS[section.key]
    if section.version:
        status, colour = IN_PROGRESS, "blue"
        hint = f"Last saved by {section.saver}, {when_text(section.saved_at or '')}"
    if has_draft:
        status, colour = YOUR_DRAFT, "yellow"
    if not section.assessment.is_open:
        status, colour = ("", "") if section.version else ("Nothing written", "grey")
    return Task(section.title, _url(section, asker), status, colour, hint)


def _url(section: Section, asker: Asker) -> str:
    """Where the asker writes the section, else where they read it."""
    reference = section.family.reference
    if not policies.WRITE.allows(asker, section):
        return f"{reverse('assessment_read', args=[reference])}#section-{section.pk}" if section.version else ""
    if section.pk:
        return reverse("assessment_section", args=[reference, section.pk])
    if section.key == Key.CHILD:
        return reverse("assessment_child", args=[reference, section.person_id])
    return reverse("assessment_contribute", args=[reference])
