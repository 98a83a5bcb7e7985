"""The families told in full, one at every stage and turn that early help takes."""

from collections.abc import Iterator
from datetime import timedelta

from earlyhelp.demo.marchshire import statistics
from earlyhelp.demo.marchshire.telling import ALL, BASIC, NEVER, Story, Teller, adult, child, hours, unborn


def tell_all(teller: Teller) -> list[Story]:
    chapters = (_waiting, _answered, _alices, _around_birch, _charlies, _danas, _words_of_families, _councils, _ended)
    told: list[Story] = []
    for chapter in chapters:
        statistics.refresh()
        told += chapter(teller)
    return told


def _waiting(t: Teller) -> Iterator[Story]:
    """Requests that nobody has answered: some are overdue, and one area's co-ordinator post is vacant."""
    yield t.tell(
        "Trevanion",
        "anxious",
        cast=[adult("Morwenna", 41), child("Jory", 13), child("Elowen", 9)],
        by="dana",
        received=hours(4),
        postcode=True,
    )
    yield t.tell(
        "Hallam-Voss",
        "evenings",
        cast=[adult("Gethin", 45, "father"), child("Bran", 15)],
        by="dana",
        received=hours(83),
        level="3",
        postcode=True,
    )
    yield t.tell(
        "Lindqvist-Shaw",
        "lowmood",
        cast=[adult("Saga", 29), child("Ottilie", 0.3)],
        by="precious",
        received=hours(26),
        who_asks="family",
        what_for="{carer} rang us herself. She has cried most days since the birth, and asks for someone to talk to.",
        postcode=True,
    )
    yield t.tell(
        "Akande-Rourke",
        "carer",
        cast=[child("Temi", 15), adult("Bisi", 44, in_request=False)],
        by="reece",
        received=hours(10),
        who_asks="young_person",
        what_for="Temi asks for help for herself: “I look after my mum and my brother, and I’m failing my mocks.”",
    )
    yield t.tell(
        "Pellworm",
        "grandparents",
        cast=[adult("Winifred", 67, "grandmother"), child("Alfie-Jay", 7)],
        by="socialworker",
        received=hours(53),
        level="3",
        postcode=True,
    )
    yield t.tell(
        "Brzęczkowska",
        "damp",
        cast=[adult("Grażyna", 34), child("Łukasz", 6), child("Zofia", 3)],
        by="ines",
        locality="East",
        received=hours(30),
    )


def _answered(t: Teller) -> Iterator[Story]:
    """Requests that ended at the front door."""
    yield t.tell(
        "Brocklehurst-Amin", "anxious", cast=[adult("Noreen", 39), child("Safa", 12)], by="dana", received=24
    ).answered(
        23,
        "advice",
        "Talked it through with Dana. The school nurse’s drop-in and the parents’ evening on exam worries come first; "
        "ask again if {child} isn’t back in lessons in six weeks.",
    )
    yield t.tell(
        "Quested", "mornings", cast=[adult("Ivy", 33), child("Rory", 11)], by="dana", received=31, level="1"
    ).answered(
        30,
        "declined",
        "The school’s own attendance offer hasn’t been used yet, and {carer} would rather try that first.",
    )
    yield t.tell(
        "Ijaz-Merriman", "evenings", cast=[adult("Shazia", 42), child("Haris", 14)], by="dana", received=17, level="4"
    ).answered(
        16,
        "front_door",
        "What was said about older adults and lifts in cars goes to the front door today. Dana was rung.",
    )
    yield t.tell(
        "Corbyn-Leigh", "talking", cast=[adult("Fen", 26), child("Indigo", 2)], by="suki", received=12
    ).answered(11, "single_agency", "Health visiting will offer the language group and two home visits.")


def _alices(t: Teller) -> Iterator[Story]:
    """Alice's families: something due soon, something overdue, something waiting for her answer."""
    yield (
        t.tell(
            "Okonedo-Hale",
            "mornings",
            cast=[
                adult(
                    "Folasade",
                    34,
                    known_as="Sade",
                    contact={"safe_times": "after 2 pm: works nights", "must_not_know": "Her former partner"},
                    details={"ethnicity": "Black British: Nigerian", "religion": "Christian"},
                ),
                child("Tobi", 9, details={"school": "Birch Lane Primary School", "gp": "Marrow Street Surgery"}),
                child("Kemi", 6, details={"school": "Birch Lane Primary School", "gp": "Marrow Street Surgery"}),
                child("Ayo", 1.5, in_request=False, details={"gp": "Marrow Street Surgery"}),
                adult(
                    "Derek",
                    38,
                    "father",
                    last="Hale",
                    home="elsewhere",
                    responsibility="unknown",
                    in_request=False,
                    address="Said to be in Northmarch; no address known",
                    contact={"kind": "other", "value": "Through his sister, only if Sade agrees"},
                ),
            ],
            by="hettie",
            received=96,
        )
        .accepted(95, "alice")
        .tried_to_reach(95)
        .reached(94, "visit")
        .agreed(
            92,
            {"birch": ALL, "hv": ALL, "hearthside": ALL, "earlyhelp": BASIC, "homes": NEVER},
            not_asked=frozenset({"Derek"}),
        )
        .asked_to_lead(91, "alice", wish="{carer} wants {lead}: “She doesn’t talk down to me.”")
        .invited(90, "charlie")
        .invited(90, "sabine")
        .assessing(88, with_=("charlie", "sabine"))
        .finalised(81)
        .kept_out(81, "Paulette Hale, Derek’s sister, who works at the council")
        .noted(80, nth=0)
        .planned(78)
        .done(66, 2)
        .noted(60, nth=1)
        .noted(
            45,
            "Monthly supervision. Pace is right; think with {carer} about who comes after the volunteer leaves.",
            who="manager",
            kind="supervision",
            with_whom="Alice",
        )
        .reviewed(37, "positive", "amend", new_action=("lead", "Ask about the after-school reading club for {child}"))
        .noted(9, "Sade rang from work: two early starts next week. The volunteer can do Wednesday as well.")
        .noted(
            2,
            "Saw {carer} at the gate. {child} read a whole page to Kemi last night; they are all proud.",
            kind="discussion",
        )
    )
    yield (
        t.tell(
            "O’Shaughnessy",
            "money",
            cast=[adult("Dervla", 31), child("Cormac", 8), child("Aoife", 5), child("Ruairí", 3)],
            by="hettie",
            received=hours(51),
        ).accepted(hours(46), "alice")
    )
    yield (
        t.tell(
            "Szczepańska",
            "newhere",
            cast=[
                adult(
                    "Małgorzata",
                    36,
                    known_as="Gosia",
                    details={
                        "language": "Polish",
                        "interpreter": True,
                        "notes": "Reads English well; spoken is harder.",
                    },
                ),
                child("Wojtek", 9, details={"language": "Polish", "school": "Birch Lane Primary School"}),
                child("Hania", 4, details={"language": "Polish"}),
            ],
            by="bob",
            received=9,
        )
        .accepted(8, "alice")
        .reached(
            7, "visit", "Met {carer} with an interpreter. She wants to read the form at home, and talk to her sister."
        )
        .noted(3, "Rang with the interpreter. {carer} will bring the form on Thursday.")
    )
    yield (
        t.tell(
            "Al-Masri",
            "newhere",
            cast=[
                adult(
                    "Rana",
                    33,
                    other_names=("رنا المصري",),
                    details={"language": "Arabic", "interpreter": True, "religion": "Muslim"},
                ),
                adult("Yousef", 38, "father", other_names=("يوسف المصري",), details={"language": "Arabic"}),
                child("Layan", 8, other_names=("ليان",), details={"school": "Birch Lane Primary School"}),
                child("Adam", 3, other_names=("آدم",), in_request=False),
                unborn(11),
            ],
            by="alice",
            received=26,
        )
        .accepted(25, "alice")
        .reached(24)
        .agreed(21, {"birch": ALL, "hv": ALL, "midwifery": ALL, "homes": BASIC}, how="verbal")
        .asked_to_lead(20, "alice")
        .invited(20, "charlie")
        .invited(19, "maeve")
        .assessing(18, with_=("charlie",), written=5, until=15)
        .noted(11, nth=0)
        .noted(4, nth=1)
        .opened_in_emergency(
            3,
            "locality",
            "A police officer rang: Yousef is missing and they need the family’s address tonight. Nobody at the school answers.",
        )
    )
    yield (
        t.tell(
            "Begum-Whitford",
            "attention",
            cast=[
                adult("Rehana", 37, other_names=("রেহানা বেগম",), details={"language": "Bengali", "religion": "Muslim"}),
                adult("Simon", 40, "father", last="Whitford"),
                child("Zakariya", 8, known_as="Zak", other_names=("জাকারিয়া",)),
                child("Amelie", 2, in_request=False),
            ],
            by="bob",
            received=80,
        )
        .accepted(79, "alice")
        .reached(78)
        .agreed(76, {"birch": ALL, "hv": ALL, "camhs": ALL, "youth": ALL}, until=timedelta(days=94))
        .asked_to_lead(75, "alice")
        .invited(74, "thea")
        .invited(74, "reece")
        .assessing(72, with_=("thea",))
        .finalised(64)
        .planned(60)
        .done(49)
        .noted(40, nth=0)
        .noted(16, nth=1)
        .invited(5, "charlie", answer=None)
    )
    yield (
        t.tell(
            "Featherstonehaugh",
            "parting",
            cast=[
                adult("Pippa", 43, details={"access_needs": "Large print, please."}),
                child("Linus", 10, details={"school": "Birch Lane Primary School"}),
                child("Saffron", 14.5, details={"school": "Oakfield Secondary School"}),
                adult("Magnus", 44, "father", home="elsewhere", in_request=False),
            ],
            by="alice",
            received=88,
        )
        .accepted(87, "alice")
        .reached(86)
        .agreed(
            84,
            {"birch": ALL, "nursing": ALL, "oakfield": ALL},
            how="typed",
            also=("Saffron",),
            but={("Saffron", "oakfield"): NEVER},
        )
        .asked_to_lead(83, "alice")
        .invited(82, "farrah")
        .invited(82, "ngozi")
        .assessing(80, with_=("farrah",))
        .finalised(70)
        .planned(67)
        .done(55)
        .noted(
            50,
            "Saffron asked again that her school isn’t told. Explained that this is hers to decide, and recorded it.",
        )
        .reviewed(38, "no_change", "continue", how="phone")
        .noted(6, nth=1)
        .more_time_asked(
            2,
            "Magnus is abroad until the 20th, and {carer} wants both parents at the review. The plan goes on meanwhile.",
        )
    )
    yield (
        t.tell(
            "Nkemelu",
            "carer",
            cast=[
                adult("Adaeze", 40, details={"access_needs": "Uses a wheelchair; step-free rooms only."}),
                child("Chidi", 10, details={"school": "Birch Lane Primary School"}),
            ],
            by="patrick",
            received=15,
        )
        .accepted(14, "rosalind")
        .reached(13)
        .agreed(10, {"earlyhelp": ALL, "birch": ALL, "carers": ALL})
        .asked_to_lead(4, "alice", answer=None, wish="{child} asked for {lead}: “she noticed first”. {carer} agrees.")
        .invited(4, "patrick")
    )
    yield (
        t.tell("Dunmore-Patel", "grief", cast=[adult("Leena", 38), child("Rafe", 9)], by="hettie", received=190)
        .accepted(189, "alice")
        .reached(188)
        .agreed(186, {"birch": ALL, "hearthside": ALL, "nursing": ALL})
        .asked_to_lead(185, "alice")
        .invited(184, "sabine")
        .assessing(182, with_=("sabine",))
        .finalised(174)
        .planned(172)
        .noted(150, nth=0)
        .reviewed(131, "positive", "continue")
        .noted(110, nth=1)
        .reviewed(92, "positive", "end_met")
    )


def _around_birch(t: Teller) -> Iterator[Story]:
    """Bob's family, and a first contact that nobody at the school has made in time."""
    yield (
        t.tell(
            "Ravenscroft-Díaz",
            "money",
            cast=[
                adult("Pilar", 39, details={"language": "Spanish"}),
                child("Mateo", 7),
                child("Inés", 4, in_request=False),
            ],
            by="bob",
            received=70,
        )
        .accepted(69, "bob")
        .tried_to_reach(69)
        .reached(68)
        .agreed(66, {"birch": ALL, "homes": ALL, "larder": BASIC})
        .asked_to_lead(65, "bob")
        .invited(64, "jun")
        .assessing(62, with_=("jun",))
        .finalised(55)
        .planned(52)
        .noted(40, nth=0)
        .noted(
            20,
            "Supervision. Bob is carrying this well. Agreed to bring the review forward if the notice isn’t withdrawn.",
            who="manager",
            kind="supervision",
            with_whom="Bob",
        )
        .noted(8, nth=1)
    )
    yield (
        t.tell(
            "Castellan-Wray", "mornings", cast=[adult("Jodie", 27), child("Kaiden", 6)], by="alice", received=hours(98)
        ).accepted(hours(74), "hettie")
    )
    yield (
        t.tell(
            "Tremlett-Bose",
            "anxious",
            cast=[adult("Anjali", 37), child("Rohan", 8, details={"school": "Birch Lane Primary School"})],
            by="bob",
            received=64,
        )
        .accepted(63, "hettie")
        .reached(62)
        .agreed(60, {"birch": ALL, "nursing": ALL})
        .asked_to_lead(59, "hettie")
        .invited(58, "farrah")
        .assessing(56, with_=("farrah",))
        .finalised(48)
        .planned(45)
        .noted(31, nth=0)
        .withdrawn(4, "{carer} says that {child} is back in class, and that this is enough for now.")
    )


def _charlies(t: Teller) -> Iterator[Story]:
    """Charlie leads one family, and knows another only by name."""
    yield (
        t.tell(
            "Yılmaz",
            "expecting",
            cast=[
                adult("Gülşen", 24, details={"language": "Turkish", "gp": "Marrow Street Surgery"}),
                child("Deniz", 2.5),
                unborn(9),
            ],
            by="maeve",
            received=48,
        )
        .accepted(47, "charlie")
        .reached(46)
        .agreed(44, {"hv": ALL, "midwifery": ALL, "hearthside": ALL, "surgery": BASIC})
        .asked_to_lead(43, "charlie")
        .invited(42, "maeve")
        .invited(41, "sabine")
        .assessing(40, with_=("maeve",))
        .finalised(33)
        .planned(31)
        .done(20)
        .noted(18, nth=0)
        .noted(5, nth=1)
    )
    yield (
        t.tell(
            "Pemberton-Adeyinka",
            "talking",
            cast=[
                adult("Oluwaseun", 30, "father", known_as="Seun"),
                child("Ezra", 3, details={"school": "Thistledown Nursery"}),
            ],
            by="suki",
            received=40,
        )
        .accepted(39, "suki")
        .reached(38)
        .agreed(
            35,
            {"thistledown": ALL, "hv": BASIC},
            wishes="The nursery can know all of it. Health only needs to know who to ring.",
        )
        .asked_to_lead(34, "suki")
        .invited(33, "charlie")
        .assessing(32, written=4)
        .noted(12, nth=0)
    )


def _danas(t: Teller) -> Iterator[Story]:
    """Dana leads one family at her own school, and hears of another only who leads."""
    yield (
        t.tell(
            "Marchetti",
            "anxious",
            cast=[adult("Chiara", 44), child("Fiorella", 14, details={"school": "Oakfield Secondary School"})],
            by="dana",
            received=140,
        )
        .accepted(139, "dana")
        .reached(138)
        .agreed(136, {"oakfield": ALL, "camhs": ALL, "nursing": ALL}, also=("Fiorella",))
        .asked_to_lead(135, "dana", wish="{child} chose {lead}.")
        .connected(135, "joss")
        .invited(134, "thea")
        .invited(133, "farrah")
        .assessing(132, with_=("thea", "farrah"))
        .finalised(124)
        .planned(121)
        .noted(100, nth=0)
        .reviewed(81, "positive", "continue")
        .noted(70, nth=1)
        .reviewed(40, "no_change", "amend", new_action=("child", "Try art club on Thursdays, with a friend"))
        .noted(3, nth=1)
    )
    yield (
        t.tell("Sørensen-Blythe", "evenings", cast=[adult("Astrid", 46), child("Mads", 15)], by="dana", received=34)
        .accepted(33, "reece")
        .reached(32, "met")
        .agreed(29, {"youth": ALL, "police": ALL, "oakfield": BASIC}, also=("Mads",))
        .asked_to_lead(28, "reece")
        .invited(27, "col")
        .assessing(26, with_=("col",))
        .noted(9, nth=0)
    )


def _words_of_families(t: Teller) -> Iterator[Story]:
    """What families say: no answer yet, no, not with that agency, not any more."""
    yield (
        t.tell(
            "Kilpatrick-Osman",
            "lowmood",
            cast=[adult("Hodan", 25, details={"language": "Somali"}), child("Ilyas", 0.7)],
            by="precious",
            locality="South",
            received=hours(70),
        )
        .accepted(hours(66), "mo")
        .tried_to_reach(hours(44), "call", "Rang twice; the number doesn’t take messages.")
        .tried_to_reach(
            hours(20), "visit", "Nobody in. Left a card with no details, as agreed with the health visitor."
        )
    )
    yield (
        t.tell(
            "Thackaberry",
            "attention",
            cast=[adult("Lorna", 35), child("Finlay", 7)],
            by="zainab",
            locality="South",
            received=22,
        )
        .accepted(21, "odette")
        .reached(20)
        .refused(17, "{carer} would rather wait for the clinic, and doesn’t want more meetings now.")
    )
    yield (
        t.tell(
            "Mbeki-Forsyth",
            "parting",
            cast=[
                adult("Nomvula", 36),
                child("Lulama", 8),
                adult("Craig", 39, "father", last="Forsyth", home="elsewhere"),
            ],
            by="kofi",
            locality="West",
            received=60,
        )
        .accepted(59, "sefton")
        .reached(58)
        .agreed(56, {"earlyhelp": ALL, "kestrel": ALL})
        .asked_to_lead(55, "sefton")
        .invited(54, "kofi")
        .assessing(52, with_=("kofi",), written=6)
        .noted(30, nth=0)
        .withdrawn(12, "{carer} thanks everyone, and would like to manage on their own for now.")
        .shared_without(
            10,
            what="{child} told a lunchtime supervisor that Dad locks the bedroom door from outside.",
            with_whom="Children’s front door",
            advice="Call them today, and write down the words as {child} said them.",
            why_not_told="The front door asked us to wait until they have spoken with {child}.",
        )
    )
    yield (
        t.tell(
            "Van der Meulen",
            "damp",
            cast=[adult("Saskia", 32), child("Joris", 5), child("Femke", 2, in_request=False)],
            by="kofi",
            locality="West",
            received=75,
        )
        .accepted(74, "rosalind")
        .reached(73)
        .agreed(71, {"earlyhelp": ALL, "homes": ALL, "nursing": ALL, "hv": ALL})
        .asked_to_lead(70, "rosalind")
        .invited(69, "jun")
        .invited(69, "farrah")
        .assessing(68, with_=("jun", "farrah"))
        .finalised(60)
        .planned(58)
        .noted(40, nth=0)
        .no_longer_with(21, "homes")
        .left(21, "jun")
        .noted(
            20, "{carer} is cross about the landlord’s letter, and no longer wants the housing team to see the record."
        )
        .reviewed(17, "no_change", "amend", new_action=("lead", "Write to the ombudsman together with {carer}"))
    )
    yield (
        t.tell(
            "Ó Conaill-Reyes",
            "lowmood",
            cast=[
                adult("Luz", 30),
                child("Oisín", 1.2),
                adult("Brendan", 34, "step-father", last="Ó Conaill", responsibility="no", in_request=False),
            ],
            by="anouk",
            locality="South",
            received=50,
        )
        .accepted(49, "anouk")
        .reached(48)
        .agreed(
            46,
            {"hv": ALL, "minds": ALL, "hearthside": ALL},
            but={("Brendan", "minds"): NEVER, ("Brendan", "hearthside"): BASIC},
        )
        .asked_to_lead(45, "anouk")
        .invited(44, "vera")
        .invited(44, "sabine")
        .assessing(42, with_=("vera",))
        .finalised(36)
        .planned(34)
        .noted(14, nth=0)
    )
    yield (
        t.tell(
            "Ashgrove",
            "money",
            cast=[adult("Tara", 41, details={"notes": "Works in a council office."}), child("Bea", 12)],
            by="marta",
            locality="West",
            received=44,
            level="3",
        )
        .accepted(43, "lilac")
        .reached(42, "met")
        .agreed(41, {"earlyhelp": ALL, "kestrel": ALL})
        .asked_to_lead(40, "lilac")
        .restricted(40)
        .invited(39, "marta")
        .assessing(38, with_=("marta",))
        .noted(15, nth=0)
    )
    yield (
        t.tell(
            "Llewelyn-Nour",
            "damp",
            cast=[
                adult(
                    "Samira",
                    28,
                    details={
                        "language": "British Sign Language",
                        "interpreter": True,
                        "access_needs": "Deaf: text only.",
                    },
                    contact={
                        "voicemail": False,
                        "safe_times": "weekdays 10 to 2",
                        "who_may_answer": "Samira only",
                        "must_not_know": "Anyone of her former husband’s family",
                    },
                ),
                child("Idris", 6),
                child("Mair", 1, in_request=False),
            ],
            by="zainab",
            locality="South",
            received=30,
        )
        .accepted(29, "odette")
        .reached(
            28,
            "met",
            "Met at school, with a sign language interpreter. Home isn’t to be named on paper.",
            hidden_address=True,
        )
        .agreed(26, {"wrenmoor": ALL, "lantern": ALL, "hv": ALL, "homes": BASIC})
        .asked_to_lead(25, "odette")
        .invited(24, "nell")
        .assessing(22, with_=("nell",), written=6)
        .noted(7, "Texted {carer}. All well; the lock was changed on Tuesday.", kind="message")
    )


def _councils(t: Teller) -> Iterator[Story]:
    """Families across the county, at every stage between agreement and later reviews."""
    yield (
        t.tell(
            "Chen-Adderley",
            "damp",
            cast=[
                adult("Mei-Lin", 33, other_names=("陳美玲",), details={"language": "Cantonese"}),
                child("Jasper", 5, other_names=("陳嘉柏",)),
                child("Jade", 5, other_names=("陳嘉玉",)),
            ],
            by="ines",
            locality="East",
            received=57,
        )
        .accepted(56, "ines")
        .reached(55, note="Met {carer} and the twins. The bedroom wall is black to the height of the bunk.")
        .agreed(53, {"millrace": ALL, "homes": ALL, "nursing": ALL, "earlyhelp": ALL})
        .asked_to_lead(
            52, "sefton", answer=False, reason="I lead for fourteen families, and the school knows this one far better."
        )
        .asked_to_lead(50, "ines", wish="{carer} had hoped for a family support worker, and is happy with {lead} now.")
        .invited(48, "jun")
        .assessing(47, with_=("jun",))
        .finalised(39)
        .planned(36)
        .done(25)
        .noted(11, nth=0)
    )
    yield (
        t.tell(
            "Коваленко",
            "newhere",
            cast=[
                adult(
                    "Оксана",
                    35,
                    other_names=("Oksana Kovalenko",),
                    details={"language": "Ukrainian", "interpreter": True},
                ),
                child("Богдан", 10, other_names=("Bohdan Kovalenko",)),
                adult("Ганна", 66, "grandmother", other_names=("Hanna Kovalenko",), responsibility="no"),
            ],
            by="zainab",
            locality="South",
            received=100,
        )
        .accepted(99, "odette")
        .reached(98)
        .agreed(96, {"wrenmoor": ALL, "homes": ALL, "hearthside": ALL})
        .asked_to_lead(95, "odette")
        .invited(94, "jun")
        .assessing(92, with_=("jun",))
        .finalised(84)
        .planned(82)
        .noted(60, nth=0)
        .reviewed(41, "positive", "continue")
        .noted(10, nth=1)
    )
    yield (
        t.tell(
            "Heatherington",
            "grandparents",
            cast=[
                adult("Maureen", 64, "grandmother", known_as="Gran"),
                child("Tyler-James", 8),
                child("Poppy", 5, born="month"),
                adult(
                    "Kelly", 29, home="elsewhere", contact={"kind": "other", "value": "Through her care co-ordinator"}
                ),
                adult(
                    "Wayne",
                    None,
                    "father",
                    born="unknown",
                    home="elsewhere",
                    responsibility="unknown",
                    in_request=False,
                ),
            ],
            by="socialworker",
            locality="South",
            received=66,
            level="3",
        )
        .accepted(65, "lilac")
        .reached(64)
        .agreed(62, {"earlyhelp": ALL, "minds": ALL, "wrenmoor": ALL, "social": BASIC}, not_asked=frozenset({"Wayne"}))
        .asked_to_lead(61, "lilac")
        .invited(60, "vera")
        .invited(60, "zainab")
        .assessing(58, with_=("vera", "zainab"))
        .finalised(50)
        .planned(48)
        .noted(30, nth=0)
        .more_time_asked(
            9,
            "{carer} is in hospital for a planned operation until next week, and wants to be there.",
            days=14,
            decided_by="gareth",
            answer="Agreed. Keep ringing the school each week meanwhile.",
        )
    )
    yield (
        t.tell(
            "D’Aubigny-Clarke",
            "attention",
            cast=[adult("Yvette", 38), child("Theo", 9), child("Noah", 9)],
            by="zainab",
            locality="South",
            received=42,
        )
        .accepted(41, "zainab")
        .reached(40)
        .agreed(38, {"wrenmoor": ALL, "camhs": ALL, "youth": ALL})
        .asked_to_lead(37, "zainab")
        .invited(36, "thea")
        .assessing(35, with_=("thea",))
        .finalised(9)
        .planned(4, agreed=False, outcomes=1)
    )
    yield (
        t.tell(
            "Njoroge-Pike",
            "evenings",
            cast=[adult("Wanjiru", 43), child("Kamau", 16)],
            by="kofi",
            locality="West",
            received=72,
            level="3",
        )
        .accepted(71, "kofi")
        .reached(70)
        .agreed(68, {"kestrel": ALL, "youth": ALL, "police": ALL}, also=("Kamau",), but={("Kamau", "police"): BASIC})
        .asked_to_lead(67, "kofi")
        .invited(66, "reece")
        .assessing(64, with_=("reece",))
        .finalised(56)
        .planned(54)
        .noted(33, nth=0)
        .more_time_asked(
            13,
            "Work experience week: {child} wants to be at the review.",
            days=10,
            decided_by="bryony",
            answer="Agreed.",
        )
    )
    yield (
        t.tell(
            "Ito-Marchbanks",
            "carer",
            cast=[
                adult("Haruka", 47, details={"access_needs": "Tires quickly: meetings of half an hour"}),
                child("Sora", 12),
            ],
            by="ines",
            locality="East",
            received=92,
        )
        .accepted(91, "ines")
        .reached(90)
        .judged_competent(
            89, "Sora", "Sora explained in their own words who would read what they say, and what saying no would mean."
        )
        .agreed(88, {"millrace": ALL, "carers": ALL, "nursing": ALL}, also=("Sora",))
        .asked_to_lead(87, "ines")
        .invited(86, "patrick")
        .assessing(84, with_=("patrick",))
        .finalised(76)
        .planned(74)
        .noted(55, nth=0)
        .reviewed(34, "no_change", "amend", new_action=("carers", "A place on the spring trip for {child}"))
        .noted(6, nth=1)
    )
    yield (
        t.tell(
            "Mulligan-Rao",
            "evenings",
            cast=[adult("Sinéad", 40), child("Declan", 14), child("Asha", 11)],
            by="kofi",
            locality="West",
            received=125,
            level="3",
        )
        .accepted(124, "mo")
        .reached(123)
        .agreed(121, {"earlyhelp": ALL, "youth": ALL, "police": ALL, "kestrel": ALL})
        .asked_to_lead(120, "mo")
        .invited(119, "reece")
        .invited(119, "col")
        .invited(118, "kofi", role="attendee")
        .assessing(116, with_=("reece", "col"))
        .finalised(108)
        .planned(106)
        .reviewed(68, "positive", "continue")
        .noted(50, nth=0)
        .reviewed(
            45,
            "deterioration",
            "amend",
            early_reason="{child} was away for a night, and {carer} asked for the team at once.",
            new_action=("police", "Safety plan with {carer} and {child}, on one page"),
        )
        .noted(21, nth=1)
    )
    yield (
        t.tell(
            "Fernández-Oakes",
            "talking",
            cast=[
                adult("Rocío", 28),
                child("Álvaro", 3, born="exact"),
                child("Baby girl", 0.1, born="exact", in_request=False),
            ],
            by="winnie",
            locality="West",
            received=hours(120),
        )
        .accepted(hours(110), "winnie")
        .reached(hours(96))
        .agreed(hours(48), {"puddle": ALL, "hv": ALL}, until=None)
        .asked_to_lead(hours(30), "winnie")
    )


def _ended(t: Teller) -> Iterator[Story]:
    """One family for each way in which early help ends."""
    yield (
        t.tell("Wainscott", "talking", cast=[adult("Bethan", 29), child("Gwen", 3)], by="suki", received=170)
        .accepted(169, "suki")
        .reached(168)
        .agreed(166, {"thistledown": ALL, "hv": ALL})
        .asked_to_lead(165, "suki")
        .invited(164, "precious")
        .assessing(162, with_=("precious",))
        .finalised(154)
        .planned(152)
        .reviewed(112, "positive", "end_universal")
    )
    yield (
        t.tell(
            "Zeferino-Platt",
            "anxious",
            cast=[adult("Carla", 45), child("Duarte", 14)],
            by="marta",
            locality="West",
            received=160,
        )
        .accepted(159, "marta")
        .reached(158)
        .agreed(156, {"kestrel": ALL, "camhs": ALL}, also=("Duarte",))
        .asked_to_lead(155, "marta")
        .invited(154, "thea")
        .assessing(152, with_=("thea",))
        .finalised(144)
        .planned(142)
        .reviewed(102, "no_change", "continue")
        .reviewed(62, "positive", "end_single_agency")
    )
    yield (
        t.tell(
            "Goodwillie",
            "parting",
            cast=[adult("Euan", 37, "father"), child("Skye", 6)],
            by="ines",
            locality="East",
            received=85,
        )
        .accepted(84, "mo")
        .reached(83)
        .refused(80, "{carer} has talked with Skye’s mother, and both would rather use the mediation service.")
        .ended(76, "not_agreed", who="service")
    )
    yield (
        t.tell(
            "Karimi-Stowe",
            "evenings",
            cast=[adult("Parisa", 41), child("Navid", 15)],
            by="reece",
            locality="South",
            received=110,
            level="3",
        )
        .accepted(109, "reece")
        .reached(108)
        .agreed(106, {"youth": ALL, "police": ALL, "social": ALL})
        .asked_to_lead(105, "reece")
        .invited(104, "col")
        .assessing(102, with_=("col",))
        .noted(90, "Rang the front door with {carer} beside me, after what {child} said today. Social care will lead.")
        .ended(88, "step_up")
    )
    yield (
        t.tell(
            "Abernethy-Singh",
            "money",
            cast=[adult("Jasleen", 33), child("Arjan", 8, born="year"), child("Simran", 4)],
            by="odette",
            locality="South",
            received=130,
        )
        .accepted(129, "odette")
        .reached(128)
        .agreed(126, {"wrenmoor": ALL, "homes": ALL})
        .asked_to_lead(125, "odette")
        .invited(124, "jun")
        .assessing(122, with_=("jun",))
        .noted(
            100,
            "The family moves to relatives in another county on Saturday. Gave {carer} the number of early help there.",
        )
        .ended(99, "other")
    )
