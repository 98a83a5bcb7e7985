"""Words for assessments and plans that aren't a theme's own."""

from assessments.models import Section

Key = Section.Key

# worried, working well, needs to happen
SECTIONS: dict[str, list[tuple[str, str, str]]] = {
    Key.PARENTING: [
        (
            "{carer} finds the end of the day hardest and sometimes shouts, and is sorry afterwards.",
            "Clear, loving and patient for most of the day. {child} goes to {carer} for comfort.",
            "One evening a week with a second adult, and the same few rules from everyone.",
        ),
        (
            "Rules change with how tired {carer} is, and {child} has noticed.",
            "{carer} listens, reads every night and keeps every appointment.",
            "Two or three routines that hold on bad days too.",
        ),
    ],
    Key.HOME_MONEY_WORK: [
        (
            "Money runs out in the last week of the month. The heating is on for one hour a day.",
            "Rent is up to date. The home is warm in spirit and well kept.",
            "A benefits check, and a look at the energy tariff.",
        ),
        (
            "Two children share a box room and there is nowhere to do homework.",
            "{carer} works part time and likes the job. Neighbours help each other.",
            "Advice about moving, and a quiet hour at the library twice a week.",
        ),
    ],
    Key.HEALTH: [
        (
            "{carer} hasn’t seen a dentist or a GP for two years, and is often tired.",
            "The children’s immunisations are up to date and they eat well.",
            "An appointment for {carer}, and somebody to mind the children meanwhile.",
        ),
        (
            "Sleep is poor for everyone, and {carer} has headaches.",
            "No long-term illness. {child} is active and growing as expected.",
            "Sleep clinic with the school nurse.",
        ),
    ],
    Key.FAMILY_LIFE: [
        (
            "Family is far away, and {carer} doesn’t like to ask for help.",
            "They eat together every evening and laugh a lot. A grandmother rings on Sundays.",
            "One or two people nearby whom {carer} can ring.",
        ),
        (
            "There have been three moves in two years, and friends were left behind each time.",
            "The children look after each other. Church and the allotment matter to them.",
            "To stay in one place for a while, and to get to know people here.",
        ),
    ],
}

SIBLING = {
    "child": {
        "voice": "{child} showed us a picture of everyone on the sofa, and said “that’s us”.",
        "worried": "{child} is quieter than before, and gets less attention when things are hard.",
        "working_well": "{child} is healthy, curious and has friends.",
        "needs_to_happen": "Some time alone with {carer} each week.",
    },
    "unborn": {
        "voice": "Not born yet: {carer} speaks of the baby with joy.",
        "worried": "Things for the baby aren’t ready.",
        "working_well": "{carer} keeps every antenatal appointment. Scans are as expected.",
        "needs_to_happen": "Cot, clothes, and a plan for the first weeks.",
    },
}

# by kind of agency
CONTRIBUTIONS: dict[str, dict[str, str]] = {
    "health": {
        "worried": "Sleep and appetite have been poor this autumn. {carer} sounded very tired on the last two calls.",
        "working_well": "Growth and development as expected. Appointments are kept, and advice is used.",
        "needs_to_happen": "A review in eight weeks, and one number that {carer} can ring in between.",
    },
    "school": {
        "worried": "Attendance this term is 86 per cent, and homework isn’t handed in.",
        "working_well": "{child} is polite, has a small group of good friends and trusts one adult here.",
        "needs_to_happen": "A check-in each morning, and catch-up in reading.",
    },
    "early_years": {
        "worried": "{child} finds it hard to part from {carer} and plays alongside others, not with them.",
        "working_well": "Happy once settled, and making progress in all areas.",
        "needs_to_happen": "The same key person each day, and two more mornings.",
    },
    "housing": {
        "worried": "The tenancy is at risk if the arrears grow. The repair is waiting for a part.",
        "working_well": "{carer} keeps in touch and keeps to the repayment plan.",
        "needs_to_happen": "A discretionary payment, and a date for the repair.",
    },
    "youth": {
        "worried": "{child} finds it hard to say no to older friends.",
        "working_well": "{child} comes to every session and helps to clear up afterwards.",
        "needs_to_happen": "One worker who stays the same, and a project to finish.",
    },
    "voluntary": {
        "worried": "{carer} has nobody to talk to in the week, and worries about small things.",
        "working_well": "There was laughter at every visit. {carer} is open to help.",
        "needs_to_happen": "Weekly visits until spring.",
    },
    "adult": {
        "worried": "Recovery is going well and is still fragile when nights are broken.",
        "working_well": "{carer} attends, is honest about bad days, and has a safety plan.",
        "needs_to_happen": "Childcare for appointments.",
    },
    "police": {
        "worried": "Seen twice this month in the town centre after ten with an older group.",
        "working_well": "Polite with officers, and went home when asked.",
        "needs_to_happen": "Something to do on Friday evenings.",
    },
    "early_help": {
        "worried": "Small problems pile up, because each takes several calls to several offices.",
        "working_well": "{carer} knows exactly what the family needs, and says so.",
        "needs_to_happen": "One person to make the calls together with {carer}.",
    },
    "social_care": {
        "worried": "What worried us in spring has become less, and could come back without support.",
        "working_well": "The family worked with us openly.",
        "needs_to_happen": "Support that lasts over the summer.",
    },
}

HOW_WE_KNOW = [
    "{carer} and {child} tell us so at the review, and nobody around them says otherwise.",
    "Everyone who knows {child} sees it for four weeks in a row.",
    "{child} puts the point on the line from 0 to 10 two places higher.",
    "{carer} says that a usual week has more good days than hard ones.",
]

ARRANGEMENTS = "In the family room at school, at 3.30 pm. Somebody minds the little ones; say if you would like a lift."
