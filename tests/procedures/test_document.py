"""A document is read as a whole: all that is wrong with it is said at once, each with its line, and nothing of it is loaded."""

import pytest
from django.core.management import CommandError, call_command

from earlyhelp.core.errors import Refused, Stale
from earlyhelp.procedures import services
from earlyhelp.procedures.document import Unreadable, differences, read, read_kept, text_of, with_values
from earlyhelp.procedures.models import Version
from tests.cast import set_procedure

DEFAULT = text_of("default")


def mistakes(text: str) -> list[str]:
    with pytest.raises(Unreadable) as found:
        read(text)
    return [str(mistake) for mistake in found.value.mistakes]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(part))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("lead = ", "leed = ", "there is no “leed” in a procedure"),
        ("amount = 72", "amount = -3", "“amount” must be 1 or more"),
        ("amount = 72", 'amount = "72"', "“amount” must be a whole number, without quotes"),
        ('unit = "hours"', 'unit = "fortnights"', "“unit” must be one of 'hours', 'calendar_days', 'working_days' or 'weeks'"),
        ('hears = ["service"]', 'hears = ["head"]', "“hears” must be one of 'due_soon', 'overdue', 'manager'"),
        ('hears = ["service"]', 'hears = ["service", "service"]', "“service” stands here twice: take one out"),
        ('anchor = "request_received"', 'anchor = "full_moon"', "“anchor” must be one of 'request_received'"),
        ("extendable = false", "extendable = true", "Say by how many days it may be extended"),
        ('phone_day = "01632 960001"', 'phone_day = "ring us"', "“phone_day” must be a phone number, like 01632 960001"),
        ('phone_day = "01632 960001"', 'phone_day = ""', "“phone_day” must be a phone number"),
        ('lead = "lead practitioner"', 'lead = "<b>lead</b>"', "“lead” must be words only, without numbers or signs"),
        ('service = "Early Help"', 'service = "{council}"', "“service” must not have braces in it"),
        ('code = "3"', 'code = "2"', "“2” stands here twice: take one out"),
        ("own_word = 13", "own_word = 9", "“own_word” must be 10 or more"),
        ('remind_after = "2/3"', 'remind_after = "3/2"', "“remind_after” must be a part of the time, like 2/3"),
        ("lawful_days = 7", "lawful_days = 31", "lawful_days must not be more than lawful_days_longest"),
        ("extendable = true", "extendable = maybe", "this can’t be read as TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(old, new, reason):
    text = DEFAULT.replace(old, new, 1)
    found = [said for said in mistakes(text) if reason in said]
    assert len(found) == 1
    line = int(found[0].partition(":")[0].removeprefix("Line "))
    whole_part = any(words in reason for words in ("Say by how many", "twice", "lawful_days must"))
    assert whole_part or line == line_of(text, new.partition("\n")[0].strip())


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_lines():
    text = DEFAULT.replace("amount = 72", "amount = 0").replace("own_word = 13", "own_word = 99")
    text = text.replace('request = "request for support"', 'request = ""').replace("[limits]", "[limit]")
    found = mistakes(text)
    lines = [int(said.partition(":")[0].removeprefix("Line ")) for said in found]
    assert lines == sorted(lines)
    words = " ".join(found)
    for reason in ("“request” must not be empty", "“own_word” must be 18 or less", "“amount” must be 1 or more",
                   "there is no “limit” in a procedure", "“limits” is missing"):  # fmt: skip
        assert reason in words


def test_a_clock_that_is_left_out_is_missed():
    start = DEFAULT.index("[clocks.review]")
    text = DEFAULT[:start] + DEFAULT[DEFAULT.index("[clocks.emergency_review]") :]
    assert any("“review” is missing" in said for said in mistakes(text))


def test_a_value_is_changed_and_all_that_stands_around_it_stays():
    text = with_values(DEFAULT, {"words.lead": "lead professional", "clocks.review.hears": ["overdue"]})
    assert read(text).words.lead == "lead professional"
    assert read(text).clocks.review.hears == ("overdue",)
    changed = [line for line in text.splitlines() if line not in DEFAULT.splitlines()]
    assert len(changed) == 2
    assert changed[0].endswith("# DEV-10, MID-03, MED-01")


def test_a_version_from_before_a_key_was_there_holds_with_the_default_and_one_from_when_it_was_there_too():
    text = DEFAULT.replace("long_ago_days = 180", "").replace("scan_mb = 10", "scan_mb = 4\nfaxes = true")
    assert len(mistakes(text)) == 2
    kept = read_kept(text)
    assert (kept.limits.scan_mb, kept.limits.long_ago_days) == (4, 180)


def test_differences_are_said_in_words():
    other = read(with_values(DEFAULT, {"words.lead": "lead professional", "clocks.first_contact.unit": "working_days"}))
    said = [(one.title, one.before, one.after) for one in differences(read(DEFAULT), other)]
    assert said == [
        ("Word for who leads the support", "lead practitioner", "lead professional"),
        ("First contact: How long", "72 hours", "72 working days"),
    ]


def test_nothing_that_is_wrong_is_loaded(cast):
    before = services.version_in_force()
    with pytest.raises(Unreadable):
        services.load(text=DEFAULT.replace("amount = 72", "amount = -72"), actor=cast.admin)
    assert services.version_in_force() == before


def test_the_same_again_and_one_written_on_top_of_another_than_the_latest_are_refused(cast):
    with pytest.raises(Refused, match="nothing was changed"):
        services.load(text=services.text_in_force(), actor=cast.admin)
    with pytest.raises(Stale):
        services.load(text=DEFAULT, actor=cast.admin, seen=0)


def test_before_anybody_has_loaded_one_there_are_the_defaults_and_nobodys_number(db):
    assert services.version_in_force() is None
    now = services.procedure_in_force()
    assert now.words.lead == "lead practitioner"
    assert (now.safeguarding.phone_day, now.safeguarding.phone_night) == ("", "")


def test_what_has_left_a_list_is_still_called_by_its_name(cast):
    levels = [{"code": "a", "name": "Some need", "meaning": ""}]
    set_procedure({"levels": levels})
    assert services.name_of("levels", "3") == "Level 3: Targeted early help"
    assert services.name_of("levels", "a") == "Some need"
    assert services.name_of("levels", "gone") == "gone"


def test_the_command_loads_one_says_what_follows_and_says_what_is_wrong(cast, tmp_path, capsys):
    call_command("load_procedure", "medway", "--look")
    assert services.version_in_force() == 1
    call_command("load_procedure", "medway", why="We are Medway")
    assert "Loaded, as version 2." in capsys.readouterr().out
    assert Version.objects.first().why == "We are Medway"
    assert services.procedure_in_force().words.locality == "area"
    wrong = tmp_path / "ours.toml"
    wrong.write_text(DEFAULT.replace("amount = 72", "amount = 0").replace("own_word = 13", "own_word = 3"))
    with pytest.raises(CommandError, match=r"Line \d+: “own_word” must be 10 or more\nLine \d+: “amount” must be 1"):
        call_command("load_procedure", str(wrong))
    with pytest.raises(CommandError, match="can’t be read: No such file"):
        call_command("load_procedure", str(tmp_path / "missing.toml"))
