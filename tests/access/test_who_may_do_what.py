"""Who may open which page and do what: every action of the product, by the roles around one family.

`+` may; `-` sees that it is there, and is told why they may not; `.` learns nothing of it. A new page must join the table.
"""

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assessments.models import Answer, Assessment
from assessments.services import asking, remarks, starting, writing
from assessments.services.writing import Words
from consent.models import Agreement, ExcludedPerson, LawfulSharing, Signature, Tier, Wording
from consent.services import emergency
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.actions import registry
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Closure, Cover, District, Membership, Role
from earlyhelp.core import clock
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Timescale
from families.models import ContactDetail, Document, Episode, Relationship, Request
from families.services import additional, episodes, errors, people, team
from families.services import waiting as changes
from plans import services as plans
from plans.clocks import REVIEW
from plans.models import Review
from plans.rules import ActionSaid, OutcomeSaid
from plans.services import meetings
from stepdown.models import Analysis, LevelChange, Step, StepDown
from stepdown.services import stepup
from tests.cast import ask, child, make_user, mother, share, write_words
from tests.databases import every_row

pytestmark = [pytest.mark.slow, pytest.mark.table]

WHO = (
    "lead", "colleague", "team", "stranger", "manager", "officer", "service", "support", "opener", "invited", "asked",
    "social", "auditor", "admin", "super",
)  # fmt: skip


def table(text: str) -> dict[str, dict[str, str]]:
    """What stands in the table, by page and role."""
    rows = [line.split() for line in text.strip().splitlines() if line.strip()]
    return {name: dict(zip(WHO, marks, strict=True)) for name, *marks in rows}


#                       lead coll team stra mana offi serv supp open invi aske soci audi admi supe
EXPECTED = """
drafts                  +    +    +    +    +    +    +    +    +    +    +    +    +    +    +
timescale               +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
ask_extension           -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
decide_extension        -    .    -    .    +    -    +    -    -    -    -    .    .    .    .
requests                +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
start_request           +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
request_harm            +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
carry_over              +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
record_own_offer        +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
start_details           +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
make_request            +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
check_record            +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
request                 .    .    .    +    .    +    +    .    +    .    .    .    .    .    .
request_sent            .    .    .    +    .    +    +    .    +    .    .    .    .    .    .
accept_request          .    .    .    -    .    +    +    .    -    .    .    .    .    .    .
accept_into             .    .    .    -    .    +    +    .    -    .    .    .    .    .    .
accept_into_by          .    .    .    -    .    +    +    .    -    .    .    .    .    .    .
join_request            .    .    .    -    .    +    +    .    -    .    .    .    .    .    .
answer_request          .    .    .    -    .    +    +    .    -    .    .    .    .    .    .
people                  +    .    +    .    +    +    +    +    +    +    +    .    .    .    .
rename_family           +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
move_area               +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
add_person              +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
change_person           +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
more_about              +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
decide_change           +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
person_left             +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
person_back             +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
relate                  +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
add_contact_detail      +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
unrelate                +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
change_contact          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
retire_contact          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
add_address             +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
change_address          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
retire_address          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
record_contact          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
notes                   +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
write_note              +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
add_to_note             +    .    -    .    -    -    -    -    -    -    -    .    .    .    .
services                +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
ask_service             +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
ask_service_for         +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
answer_service          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
documents               +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
file_document           +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
open_document           +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
end_episode             +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
note_in_error           +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
document_in_error       +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
contact_in_error        +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
print_blank_agreement   +    +    +    +    +    +    +    +    +    +    +    +    +    +    +
sharing                 +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
record_agreement        +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
change_choices          +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
take_back               +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
withdraw                +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
file_scan               +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
print_agreement         +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
team                    +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
print_letter            +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
invite                  +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
ask_to_lead             +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
record_wishes           +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
lead_myself             -    .    -    .    +    -    -    -    -    -    -    .    .    .    .
lawful                  +    .    -    .    +    -    +    -    +    -    -    .    .    .    .
start_lawful            +    .    -    .    +    -    +    -    +    -    -    .    .    .    .
lawful_harm             +    .    -    .    +    -    +    -    +    -    -    .    .    .    .
share_lawfully          +    .    -    .    +    -    +    -    +    -    -    .    .    .    .
lawful_sharing          +    .    -    .    +    -    +    -    .    -    -    .    .    .    .
end_lawful_access       +    .    -    .    +    -    +    -    +    -    -    .    .    .    .
disclosures             +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
record_disclosure       +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
emergency               -    -    -    -    +    +    +    -    +    -    -    -    -    -    -
emergencies             -    -    -    -    +    +    +    -    +    -    -    -    -    -    -
review_emergency        .    .    .    .    +    .    +    .    -    .    .    .    .    .    .
stop_emergency          .    .    .    .    -    .    -    .    +    .    .    .    .    .    .
hidden_from_lead        -    .    -    .    +    +    +    -    +    -    -    .    .    .    .
name_who_goes_on        .    .    .    .    .    +    +    .    +    .    .    .    .    .    .
agreement_boards        -    -    -    -    +    +    +    -    +    -    -    -    -    -    -
sign_agreement          +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
signed                  +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
open_signature          +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
what_follows            +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
judge_competence        +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
exclude                 +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
end_exclusion           +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
choose_print            +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
wordings                -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
write_wording           -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
wording                 -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
print_wording           -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
publish_wording         -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
health                  -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
waiting_mail            -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
failed_sign_ins         -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
directory               +    +    +    +    +    +    +    +    +    +    +    +    +    +    +
agencies                -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
add_agency              -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
agency                  -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
change_agency           -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
add_team                -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
localities              -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
add_locality            -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
change_locality         -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
districts               -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
remove_district         -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
accounts                -    -    -    -    +    -    -    -    +    -    -    -    -    +    -
invite_account          -    -    -    -    +    -    -    -    +    -    -    -    -    +    -
invite_many             -    -    -    -    +    -    -    -    +    -    -    -    -    +    -
account                 -    -    -    -    +    -    -    -    .    -    -    -    -    +    -
change_account          .    .    .    .    -    .    .    .    .    .    .    .    .    +    .
give_role               .    .    .    .    +    .    .    .    .    .    .    .    .    +    .
move_role               .    .    .    .    +    .    .    .    .    .    .    .    .    +    .
change_team             .    .    .    .    +    .    .    .    .    .    .    .    .    +    .
end_role                .    .    .    .    +    .    .    .    .    .    .    .    .    +    .
switch_off              .    .    .    .    -    .    .    .    .    .    .    .    .    +    .
take_code               .    .    .    .    -    .    .    .    .    .    .    .    .    +    .
give_cover              .    .    .    .    +    .    .    .    .    .    .    .    .    +    .
end_cover               .    .    .    .    +    .    .    .    .    .    .    .    .    +    .
close_agency            -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
keep_agency_open        -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
switch_on               .    .    .    .    -    .    .    .    .    .    .    .    .    +    .
invite_again            .    .    .    .    +    .    .    .    .    .    .    .    .    +    .
calendar                -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
add_closure             -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
remove_closure          -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
procedures              -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
change_procedure        -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
procedure               -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
download_procedure      -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
local_words             -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
ask_locality            +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
end_help                +    .    -    .    +    +    +    .    -    .    .    .    .    .    .
answer_lead             -    .    -    .    -    -    -    -    -    -    +    .    .    .    .
suggest_lead            -    .    -    .    -    +    +    .    -    .    .    .    .    .    .
challenge_lead          -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
end_membership          +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
answer_invitation       -    .    -    .    -    -    -    .    -    +    .    .    .    .    .
assessment              +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
start_assessment        +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
assessment_part         +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
assessment_about        +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
change_contribution     +    .    -    .    -    -    -    -    -    -    -    .    .    .    .
ask_more                +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
assessment_told         +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
assessment_told_about   +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
remark                  +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
remark_about            +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
ask_agency              +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
remind_asked            +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
waive_asked             +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
nothing_to_add          -    .    +    .    -    -    -    -    -    -    -    .    .    .    .
still_right             -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
leave_out               -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
propose                 -    .    +    .    +    -    +    -    -    -    -    .    .    .    .
contribution_versions   +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
proposal                +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
take_back_proposal      -    .    +    .    -    -    -    -    -    -    -    .    .    .    .
open_next               -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
send_assessment         -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
oversee                 -    .    -    .    +    -    +    -    -    -    -    .    .    .    .
self_check              +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
assessment_version      +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
print_version           +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
print_blank             +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
assessment_form         -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
preview_form            -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
print_form              -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
try_form                -    -    -    -    -    -    -    -    -    -    -    -    -    +    -
assessment_finalise     +    .    -    .    -    -    -    -    -    -    -    .    .    .    .
assessment_print        +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
assessment_read         +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
plan                    +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
add_outcome             +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
change_outcome          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
remove_outcome          +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
add_action              +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
change_action           +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
set_action_status       +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
remove_action           +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
agree_plan              +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
hold_review             -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
move_review             -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
review                  +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
arrange_meeting         +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
record_meeting          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
meeting                 +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
change_meeting          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
call_off_meeting        +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
take_back_meeting       -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
record_arranged         +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
print_plan              +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
home                    +    +    +    +    +    +    +    +    +    +    +    +    +    +    +
read_all                +    +    +    +    +    +    +    +    +    +    +    +    +    +    +
left_behind             -    -    -    -    +    -    +    -    +    -    -    -    -    -    -
messages                +    +    +    +    +    +    +    +    +    +    +    +    +    +    +
caseload                +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
export_families         +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
save_filter             +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
search                  +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
family                  +    .    +    .    +    +    +    +    +    +    +    .    .    .    .
chronology              +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
who_can_see             +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
who_could_see           +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
filed_in_error          -    .    -    .    -    -    +    -    -    -    -    .    .    .    .
who_had_opened          -    .    -    .    -    -    +    -    -    -    -    .    .    .    .
right_after_all         -    .    -    .    -    -    +    -    -    -    -    .    .    .    .
why_not                 +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
readers_for_family      +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
print_team              +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
print_pack              +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
print_handover_letter   +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
step_ups                +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
step_up                 +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
show_step_up            +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
print_step_up           +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
sent_step_up            +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
answer_step_up          +    .    +    .    +    -    +    -    -    -    -    .    .    .    .
take_back_step_up       +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
step_downs              +    +    +    +    +    +    +    +    +    +    +    +    -    -    -
step_down_counts        -    -    -    -    +    +    +    -    +    -    -    -    -    -    -
start_step_down         -    -    -    -    -    -    -    -    -    -    -    +    -    -    -
open_step_down          -    -    -    -    -    -    -    -    -    -    -    +    -    -    -
step_down_of            +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
step_down               +    .    +    .    +    +    +    .    +    .    .    +    .    .    .
confirm_step_down       -    .    -    .    -    -    -    .    -    .    .    -    .    .    .
record_step             +    .    -    .    +    -    +    .    -    .    .    +    .    .    .
agree_at_panel          +    .    -    .    -    +    +    .    -    .    .    +    .    .    .
level_of_help           +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
raise_level             -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
change_overseer         -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
countersign_level       -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
step_down_within        -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
pick_up_plan            -    .    -    .    -    -    -    -    -    -    -    .    .    .    .
bring_analysis          +    .    -    .    +    -    +    .    -    .    .    -    .    .    .
place_analysis          +    .    .    .    +    .    +    .    .    .    .    .    .    .    .
take_out_analysis       +    .    .    .    +    .    +    .    .    .    .    -    .    .    .
choose_route            +    .    -    .    +    -    +    .    -    .    .    +    .    .    .
leave_out_step          +    .    -    .    +    -    +    .    -    .    .    +    .    .    .
allow_exception         -    .    -    .    -    -    +    .    -    .    .    -    .    .    .
take_back_step          -    .    -    .    -    -    -    .    -    .    .    +    .    .    .
complete_step_down      -    .    -    .    -    -    -    .    -    .    .    +    .    .    .
stop_step_down          -    .    -    .    -    -    +    .    -    .    .    +    .    .    .
share_record            +    .    -    .    +    -    +    .    -    .    .    -    .    .    .
give_step_down          -    .    -    .    -    -    +    .    -    .    .    +    .    .    .
print_chronology        +    .    +    .    +    +    +    -    +    -    -    .    .    .    .
print_readers           +    .    -    .    +    -    +    -    -    -    -    .    .    .    .
"""


@pytest.fixture
def world(cast, family):
    """One family with something of every kind, and whoever stands around it."""
    users = {
        "lead": cast.alice, "colleague": cast.bob, "team": cast.charlie, "stranger": cast.dana, "manager": cast.manager,
        "officer": cast.locality, "service": cast.service,
        "support": make_user("Support", cast.school, Role.BUSINESS_SUPPORT, supports=cast.alice),
        "opener": make_user("Head", cast.other_school, Role.MANAGER),
        "invited": make_user("Invited", cast.health), "asked": make_user("Asked", cast.health),
        "social": make_user("Social Worker", cast.council, Role.SOCIAL_WORKER),
        "auditor": cast.auditor, "admin": cast.admin, "super": cast.superuser,
    }  # fmt: skip
    share(cast, family, cast.school, cast.health)
    here = {"family": family, "actor": cast.alice}
    with acting_as(cast.alice):
        episode = family.episode()
        ada, grace = child(family), mother(family)
        address = people.add_address(
            **here, person=None, lines="1 High Street", postcode="MX1 2AB", do_not_disclose=False
        )
        said = {"kind": "call", "at": clock.now() - timedelta(hours=1), "with_whom": "Grace", "about": [], "text": "x"}
        relation = Relationship.objects.create(family=family, person=grace, to_person=ada, kind="mother")
        number = ContactDetail.objects.create(family=family, person=grace, kind="phone", value="01632 960777")
        tola = people.add_person(**here, kind="child", first_name="Tola", date_of_birth=date(2010, 3, 1))
        record_choices(**here, choices=[Choice(tola, cast.school, Tier.NONE, tola)])
        note = episodes.write_note(**here, episode=episode, **said)
        wrong = errors.file_in_error(
            item=episodes.write_note(**here, episode=episode, **said | {"text": "y"}), reason="x", actor=cast.alice
        )
        attempt = episodes.record_contact(
            **here, episode=episode, at=clock.now() - timedelta(minutes=50), how="call", reached=False, note="x"
        )
        change = changes.propose(person=grace, fields={"kind": "adult"}, words="x", actor=cast.alice)
        lead = team.ask_to_lead(**here, episode=episode, user=users["asked"], agency=cast.health, without_wish="x")
        member = team.invite(**here, episode=episode, user=users["invited"], agency=cast.health, role="contributor")
        help_asked = team.ask_locality(**here, episode=episode, reason="x")
        assessment = starting.start(family=family, episode=episode, actor=cast.alice)
        contribution = writing.write(
            assessment=assessment,
            part="why_now",
            words=Words({("reason", 0, ""): "x"}),
            actor=cast.alice,
            agency=cast.school,
        )
        asked = asking.ask(
            assessment=assessment,
            agency=cast.health,
            part="agency",
            words="x",
            until=clock.today() + timedelta(days=5),
            actor=cast.alice,
        )
        wanted = additional.Asked(
            service="family_support",
            needs="x",
            why="x",
            agreed_by="x",
            agreed_on=clock.today(),
            sent_on=clock.today(),
            sent_how="x",
        )
        service = additional.ask(family=family, episode=episode, said=wanted, actor=cast.alice)
        plan = plans.open_plan(family=family, episode=episode, actor=cast.alice)
        meeting = meetings.arrange(
            family=family, episode=episode, said=meetings.ArrangeSaid(kind="taf", on=clock.today()), actor=cast.alice
        )
        said_up = stepup.Said(about=[ada.pk], ground="harm", what="x", tried="", agreed="no", because="child_harm")
        told = stepup.step_up(family=family, episode=episode, said=said_up, actor=cast.alice, agency=cast.school)
        outcome = plans.add_outcome(plan=plan, said=OutcomeSaid("x", "x", "x"), actor=cast.alice)
        doing = plans.add_action(
            outcome=outcome, said=ActionSaid("x", clock.today() + timedelta(days=9), cast.alice), actor=cast.alice
        )
    with acting_as_system("test"):
        whose = {"family_id": family.pk, "owner": cast.alice, "owner_agency": cast.school}
        timescales.start(REVIEW, plan, about=family, at=clock.now(), **whose)
    with acting_as(cast.charlie):
        clock_of = Timescale.objects.get(family=family, kind="review")
        more = timescales.ask_extension(
            timescale=clock_of, reason="x", due_at=clock_of.due_at + timedelta(days=3), actor=cast.charlie
        )
    with acting_as(cast.charlie):
        answer = Answer.objects.select_related("contribution__author").get(contribution=contribution)
        answer.contribution.assessment = assessment
        proposal = remarks.propose(answer=answer, text="y", why="x", actor=cast.charlie, agency=cast.health)
    with acting_as_system("test"):
        before = Assessment.objects.create(
            family=family, episode=episode, number=9, form_id=assessment.form_id, started_at=clock.now(), started_by=cast.alice,
            status="finalised", finalised_at=clock.now() - timedelta(days=90), finalised_by=cast.alice,
        )  # fmt: skip
        Assessment.objects.filter(pk=before.pk).update(started_at=clock.now() - timedelta(days=99))
    with acting_as(users["opener"]):
        emergency.open_record(reference=family.reference, reason="x", actor=users["opener"])
    waiting = ask(cast, name="Okafor")
    with acting_as_system("test"):
        asked_for = Request.objects.create(
            family=family, episode=episode, asked_by=users["social"], agency=cast.council, locality=cast.north, who_asks="social_care",
            received_at=clock.now(), submitted_at=clock.now(), outcome="accepted", outcome_at=clock.now(), joined=True,
        )  # fmt: skip
        step_down = StepDown.objects.create(
            request=asked_for, reference=asked_for.reference, family=family, episode=episode, locality=cast.north,
            worker=users["social"], agency=cast.council, opened_by=users["social"], confirmed_at=clock.now(), found_at=clock.now(),
        )  # fmt: skip
        Episode.objects.filter(pk=episode.pk).update(steps_down=True)
        done = Step.objects.create(
            family=family, step_down=step_down, code="case_note", on=clock.today(), words="x", by=users["social"]
        )
        level = LevelChange.objects.create(
            family=family, episode=episode, level="child_in_need", on=clock.today(), reason="x", overseer=users["social"],
            decided_by=cast.alice,
        )  # fmt: skip
        analysis = Analysis.objects.create(
            family=family, step_down=step_down, title="x", author="x", written_on=clock.today(), passages=["x"]
        )
    with acting_as_system("test"):
        opened = emergency.EmergencyAccess.objects.get(family=family)
        agreement = Agreement.objects.filter(family=family).first()
        document = Document.objects.create(
            family=family,
            episode=episode,
            kind="agreement",
            size=1,
            content_type="application/pdf",
            file=ContentFile(b"%PDF-1.4", "x.pdf"),
            uploaded_by=cast.alice,
            created_by=cast.alice,
        )
        signature = Signature.objects.create(
            family=family, agreement=agreement, person=grace, name="Grace", image=ContentFile(b"x", "x.png"), signed_at=clock.now(),
            watched_by=cast.alice, wording=Wording.current(),
        )  # fmt: skip
        lawful = LawfulSharing.objects.create(
            family=family, reason="x", explanation="x", basis="x", what="x", about=[ada.pk], with_whom="x", told=True,
            decided_at=clock.now(), adviser=cast.manager, advice="x", created_by=cast.alice,
        )  # fmt: skip
        excluded = ExcludedPerson.objects.create(family=family, name="x", decided_by=grace)
        review = Review.objects.create(
            family=family, plan=plan, held_at=clock.now(), how="meeting", finding="positive", decision="continue",
            recorded_by=cast.alice, next_review_on=clock.today() + timedelta(days=40),
        )  # fmt: skip
        draft = write_words(cast, held="x")
        district = District.objects.create(code="MX1", locality=cast.north)
        place = Membership.objects.get(user=cast.bob)
        free = make_user("Stands In", cast.school)
        cover = Cover.objects.create(
            user=free, covered=cast.bob, agency=cast.school, until=clock.now() + timedelta(days=9)
        )
        closed = Closure.objects.create(day=clock.today() + timedelta(days=2), name="x")
    refs, into = [family.reference], [waiting.reference, "new"]
    at = {
        "timescale": clock_of, "ask_extension": clock_of, "decide_extension": more, "change_person": ada, "decide_change": change, "person_left": ada, "more_about": ada, "person_back": ada, "relate": ada,
        "add_contact_detail": ada, "change_address": address, "retire_address": address, "open_document": document,
        "note_in_error": note, "add_to_note": note, "document_in_error": document, "contact_in_error": attempt, "change_choices": ada,
        "lawful_sharing": lawful, "end_lawful_access": lawful, "review_emergency": opened, "stop_emergency": opened,
        "open_signature": signature, "judge_competence": ada, "end_exclusion": excluded, "end_help": help_asked, "suggest_lead": help_asked,
        "answer_lead": lead, "challenge_lead": lead, "end_membership": member, "answer_invitation": member, "change_contribution": contribution,
        "propose": contribution, "contribution_versions": contribution, "still_right": contribution, "leave_out": contribution, "proposal": proposal, "take_back_proposal": proposal,
        "remind_asked": asked, "waive_asked": asked, "nothing_to_add": asked, "assessment_version": before, "print_version": before,
        "change_outcome": outcome, "remove_outcome": outcome, "add_action": outcome, "change_action": doing,
        "set_action_status": doing, "remove_action": doing, "review": review, "who_had_opened": wrong,
        "right_after_all": wrong, "name_who_goes_on": tola, "unrelate": relation,
        "countersign_level": level, "show_step_up": told, "print_step_up": told, "sent_step_up": told, "answer_step_up": told, "take_back_step_up": told, "meeting": meeting, "change_meeting": meeting, "call_off_meeting": meeting, "take_back_meeting": meeting, "record_arranged": meeting, "answer_service": service, "change_contact": number, "retire_contact": number,
    }  # fmt: skip
    args = {name: [family.reference, row.pk] for name, row in at.items()}
    args |= {
        **{name: [step_down.reference] for name in STEP_DOWN}, "record_step": [step_down.reference, "told"],
        "leave_out_step": [step_down.reference, "meeting"], "allow_exception": [step_down.reference, "meeting"],
        "take_back_step": [step_down.reference, done.pk], "place_analysis": [step_down.reference, analysis.pk], "take_out_analysis": [step_down.reference, analysis.pk], "open_step_down": [uuid.uuid4()],
        "assessment_part": [*refs, "why_now"], "assessment_about": [*refs, "child", ada.pk], "assessment_told": [*refs, "why_now"],
        "assessment_told_about": [*refs, "child", ada.pk], "remark": [*refs, "why_now"], "remark_about": [*refs, "child", ada.pk],
        "ask_service_for": [*refs, "family_support"], "take_back": [*refs, agreement.together], "withdraw": [*refs, cast.health.pk], "make_request": [uuid.uuid4()], "request": [waiting.reference],
        "request_sent": [waiting.reference], "accept_request": [waiting.reference], "answer_request": [waiting.reference],
        "accept_into": into, "accept_into_by": [*into, cast.school.pk], "join_request": [waiting.reference, *refs],
        "agency": [cast.health.pk], "change_agency": [cast.health.pk], "add_team": [cast.health.pk],
        "change_locality": [cast.north.pk], "remove_district": [district.pk], "remove_closure": [closed.pk], "account": [cast.bob.pk],
        "change_account": [cast.bob.pk], "give_role": [cast.bob.pk], "end_role": [cast.bob.pk, place.pk], "move_role": [cast.bob.pk, place.pk], "change_team": [cast.bob.pk, place.pk],
        "switch_off": [cast.bob.pk], "take_code": [cast.bob.pk], "give_cover": [cast.bob.pk], "end_cover": [cast.bob.pk, cover.pk],
        "close_agency": [cast.health.pk], "keep_agency_open": [cast.health.pk], "switch_on": [cast.bob.pk], "invite_again": [cast.bob.pk], "procedure": [1], "export_families": ["csv"], "download_procedure": [1], "wording": [draft.pk], "print_wording": [draft.pk], "publish_wording": [draft.pk],
    }  # fmt: skip
    return users, lambda name, pattern: args.get(name, refs if "<str:reference>" in pattern else [])


STEP_DOWN = (
    "step_down", "confirm_step_down", "agree_at_panel", "choose_route", "complete_step_down", "stop_step_down", "share_record",
    "give_step_down", "bring_analysis",
)  # fmt: skip
PERSONAL = {
    "discard_draft",
    "draft",
    "open_notification",
    "remove_filter",
}  # of whoever they belong to alone: tests/journeys


def pages() -> dict[str, tuple[str, str]]:
    """Address and action of every page that has one, by name."""
    found = {}

    def walk(resolver: URLResolver, prefix: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                walk(entry, prefix + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                view = getattr(entry.callback, "view_class", None)
                if view and hasattr(view, "action") and entry.name not in PERSONAL:
                    found[entry.name] = (prefix + str(entry.pattern), view.action.code)

    walk(get_resolver(), "")
    return found


def mark(status: int) -> str:
    return {404: ".", 403: "-"}.get(status, "+")


def test_every_page_and_action_for_every_role(world, sign_in):
    users, args = world
    clients = {who: sign_in(user) for who, user in users.items()}
    found = {}
    for name, (pattern, _) in pages().items():
        url = reverse(name, args=args(name, pattern))
        found[name] = {who: mark(client.get(url).status_code) for who, client in clients.items()}
    expected = table(EXPECTED)
    if expected != found:
        lines = [f"{name:24}{'    '.join(found[name][who] for who in WHO)}" for name in found]
        raise AssertionError("\n" + "\n".join(lines))


KEPT_OF_READING = {"access_read_log", "django_session"}


def test_nothing_changes_by_reading(world, sign_in):
    """A page that is opened, by a link or ahead of time, is read and logged: nothing is done."""
    users, args = world
    clients = [sign_in(users[who]) for who in ("lead", "service", "admin")]
    before, addresses = every_row(), []
    for name, (pattern, _) in pages().items():
        url = reverse(name, args=args(name, pattern))
        addresses += [url for client in clients if client.get(url).status_code == 200]
    assert len(addresses) > 120
    after = every_row()
    assert {table for table in after if after[table] != before[table]} <= KEPT_OF_READING


def test_every_action_is_in_the_table():
    assert {code for _, code in pages().values()} | {"drafts.keep", "consent.whom_for", "assessments.decide"} == set(
        registry
    )
