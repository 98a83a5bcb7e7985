"""Whatever is recorded of a family can be changed, ended and marked as a mistake, on a page that a page leads to; or it is a
trace of what was done, which is read and never rewritten."""

import re

import pytest
from django.apps import apps
from django.urls import reverse

from earlyhelp.access.models import FamilyRecord
from tests.access.test_who_may_do_what import EXPECTED, pages, table, world  # noqa: F401

# What is recorded: how it is changed, how it ends, how it is marked as a mistake
FACTS = {
    "families.Family": ("rename_family", "end_episode", "join_request"),
    "families.AreaMove": ("move_area", "move_area", "move_area"),
    "families.Person": ("change_person", "person_left", "person_left"),
    "families.PersonDetails": ("more_about", "change_person", "more_about"),
    "families.WaitingChange": ("change_person", "decide_change", "decide_change"),
    "families.Relationship": ("relate", "unrelate", "unrelate"),
    "families.ContactDetail": ("change_contact", "retire_contact", "retire_contact"),
    "families.Address": ("change_address", "retire_address", "retire_address"),
    "families.Note": ("add_to_note", "note_in_error", "note_in_error"),
    "families.Document": ("file_document", "document_in_error", "document_in_error"),
    "families.ContactAttempt": ("record_contact", "contact_in_error", "contact_in_error"),
    "families.FiledInError": ("right_after_all", "right_after_all", "right_after_all"),
    "families.TeamMember": ("invite", "end_membership", "end_membership"),
    "families.Lead": ("ask_to_lead", "answer_lead", "answer_lead"),
    "families.ServiceRequest": ("ask_service", "answer_service", "answer_service"),
    "families.LeadWish": ("record_wishes", "record_wishes", "record_wishes"),
    "families.LocalityHelp": ("ask_locality", "end_help", "end_help"),
    "families.Episode": ("ask_to_lead", "end_episode", "end_episode"),
    "consent.Agreement": ("change_choices", "withdraw", "take_back"),
    "consent.SharingChoice": ("change_choices", "withdraw", "take_back"),
    "consent.Competence": ("judge_competence", "judge_competence", "take_back"),
    "consent.Signature": ("file_scan", "take_back", "take_back"),
    "consent.GoesOn": ("name_who_goes_on", "name_who_goes_on", "name_who_goes_on"),
    "consent.ExcludedPerson": ("exclude", "end_exclusion", "end_exclusion"),
    "consent.LawfulSharing": ("share_lawfully", "end_lawful_access", "end_lawful_access"),
    "consent.EmergencyAccess": ("review_emergency", "stop_emergency", "review_emergency"),
    "assessments.Asked": ("ask_agency", "waive_asked", "waive_asked"),
    "assessments.Proposal": ("proposal", "take_back_proposal", "take_back_proposal"),
    "assessments.Contribution": ("assessment_part", "assessment_finalise", "assessment_part"),
    "plans.Outcome": ("change_outcome", "remove_outcome", "remove_outcome"),
    "plans.Meeting": ("change_meeting", "call_off_meeting", "take_back_meeting"),
    "plans.Action": ("change_action", "set_action_status", "remove_action"),
    "stepdown.StepUp": ("step_up", "answer_step_up", "take_back_step_up"),
    "stepdown.Analysis": ("bring_analysis", "take_out_analysis", "take_out_analysis"),
    "stepdown.Step": ("record_step", "take_back_step", "take_back_step"),
    "stepdown.Placing": ("place_analysis", "place_analysis", "leave_out"),
    "timescales.Extension": ("ask_extension", "decide_extension", "decide_extension"),
}
TRACES = {
    "families.EpisodeEnd": "that help ended stays true; the family can be asked again",
    "families.SearchKey": "is made from the facts, and follows them",
    "families.ConnectedUser": "whoever runs the service sets it; it is asked for on no page",
    "consent.Mistake": "that something was taken back stays true; the fact is recorded anew",
    "consent.Disclosure": "what left has left; the register says what, and a lawful decision behind it can end",
    "assessments.Assessment": "is made of what is contributed to it",
    "assessments.Answer": "is what a contribution says, and changes with it",
    "assessments.Remark": "what someone said stays; they say more beside it",
    "assessments.Oversight": "that a manager returned it or signed it off stays true",
    "assessments.GoneWithout": "that it was finalised without, and why, stays true",
    "plans.Plan": "is made of its outcomes and actions; ends with the episode or by a review",
    "plans.Review": "minutes: the next review says what was wrong in them",
    "plans.Present": "minutes",
    "plans.ReviewMove": "that a review was moved stays true; it is moved again",
    "plans.Attendance": "minutes",
    "plans.ActionResult": "minutes",
    "stepdown.LevelChange": "that the level changed stays true; it changes again",
    "stepdown.GateChange": "that the gate opened or closed stays true",
}
# Which the world of this test has no place for: each is walked in a journey of its own
ELSEWHERE = {
    "bring_analysis": "nothing of social care comes over before the agreement is signed",
    "place_analysis": "nothing of social care comes over before the agreement is signed",
    "ask_locality": "it helps already",
    "set_action_status": "the plan is not agreed",
    "end_lawful_access": "what was given gave nobody access",
    "join_request": "its page is chosen from the check of the request",
}


def test_every_record_of_a_family_is_a_fact_with_its_pages_or_a_trace():
    kept = {model._meta.label for model in apps.get_models() if issubclass(model, FamilyRecord)} | {"families.Family"}
    assert kept == set(FACTS) | set(TRACES)
    assert not set(FACTS) & set(TRACES)


@pytest.mark.slow
def test_each_of_these_pages_is_led_to_by_another(world, sign_in):  # noqa: F811
    """As whoever may: walked are the pages that around one family's record can be opened."""
    users, args = world
    known, expected = pages(), table(EXPECTED)
    address = {name: reverse(name, args=args(name, pattern)) for name, (pattern, _) in known.items()}
    wanted = {name for names in FACTS.values() for name in names}
    assert wanted <= set(known)
    wanted = {name for name in wanted if "+" in expected[name].values()}  # the rest waits for something in this world
    assert len(wanted) > 40
    linked = set()
    for who in ("lead", "manager", "officer", "opener", "asked", "service", "team", "social"):
        client = sign_in(users[who])
        for name, url in address.items():
            if expected[name][who] == "+":
                links = re.findall(r'(?:href|action)="([^"#?]+)', client.get(url).content.decode(errors="replace"))
                linked |= {link for link in links if link != url}
    assert {name for name in wanted if address[name] not in linked} == set(ELSEWHERE)
