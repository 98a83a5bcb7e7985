"""What families here need help with, in the words that practitioners, families and children use of it.

`{child}` and `{carer}` are put in. Who does an action is named by their part: `lead`, `carer`, `child`, or an agency's key.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    title: str
    actions: tuple[tuple[str, str], ...]  # who, what


@dataclass(frozen=True)
class Theme:
    key: str
    ages: tuple[int, int]
    what_for: str
    tried: str
    wishes: str
    worried: str
    well: str
    needs: str
    child_worried: str
    child_well: str
    child_needs: str
    child_says: str
    outcomes: tuple[Outcome, ...]
    notes: tuple[tuple[str, str], ...]  # kind, text
    better: str
    same: str
    worse: str
    partners: tuple[str, ...]

    def note(self, nth: int) -> tuple[str, str, str]:
        """A case note's kind, with whom it was, and its words."""
        kind, text = self.notes[nth % len(self.notes)]
        if kind != "discussion":
            return kind, "{carer}", text
        return kind, "{child}" if text.startswith("{child}") else "Colleagues", text


THEMES = {
    theme.key: theme
    for theme in (
        Theme(
            key="mornings",
            ages=(5, 11),
            what_for="{child} has been late on 19 mornings this half term and often comes in hungry and tired. {carer} "
            "says that bedtimes have slipped since starting night shifts, and has asked for help with mornings.",
            tried="Breakfast club three times a week, a meet-and-greet at the gate, and two talks with {carer}. Lateness "
            "got better for a fortnight and then went back to what it was.",
            wishes="I want mornings without shouting. I don’t want to be told off, I want someone to help me plan it.",
            worried="Nobody has a full night’s sleep. {carer} works until six and is alone with the morning. The rent is a "
            "month behind, which is why the shifts were taken on.",
            well="{carer} rings school whenever there is a problem and has never missed a meeting. The children are close, "
            "and there is warmth and humour at home.",
            needs="A bedtime that holds on work nights, someone who can bring the children on two mornings, and advice "
            "about shift patterns and in-work benefits.",
            child_worried="{child} falls asleep in the afternoon and has missed most of early reading.",
            child_well="{child} loves maths, is kind to younger children and is proud to be a librarian.",
            child_needs="To be in school, fed and awake by nine, and to catch up with reading.",
            child_says="“I like it when we walk in together and nobody is cross.”",
            outcomes=(
                Outcome(
                    "{child} is in school, rested and on time, at least nine mornings out of ten",
                    (
                        ("carer", "Start bedtime at 7.30 on school nights, with the chart that we made"),
                        ("lead", "Keep the breakfast club place and tell {carer} each Friday how the week went"),
                        ("hearthside", "Find a volunteer to walk with the children on Tuesdays and Thursdays"),
                    ),
                ),
                Outcome(
                    "{carer} has shifts and money that the family can live with",
                    (("lead", "Sit down with {carer} for a benefits check and the letter to the employer"),),
                ),
            ),
            notes=(
                (
                    "call",
                    "{carer} rang: two good mornings, one bad one after a double shift. Agreed to keep the chart.",
                ),
                ("discussion", "Spoke with the class teacher: {child} more awake this week, joined in with reading."),
            ),
            better="On time on 17 of 20 mornings. {child} reads with the group again. {carer} says the house is calmer.",
            same="Some weeks are good, others aren’t. The new shifts begin next month, so we wait to see.",
            worse="Attendance has fallen since {carer} lost the day shift. {child} was late every day last week.",
            partners=("hearthside", "homes"),
        ),
        Theme(
            key="anxious",
            ages=(11, 16),
            what_for="{child} hasn’t been in lessons for three weeks. Mornings end in tears and stomach aches; the GP found "
            "nothing wrong. {carer} is worn out and worried about being fined.",
            tried="A reduced timetable, a quiet room, and a key adult. {child} managed the gate twice.",
            wishes="We want someone to listen to {child} first. We’ve told the story five times now.",
            worried="{child} hardly leaves the bedroom and has stopped seeing friends. {carer} has used up all leave and "
            "may lose the job.",
            well="{child} talks to {carer} and to the form tutor, and has kept up drawing. Nobody has given up.",
            needs="A way back in small steps that {child} agrees with, and support for worries that starts soon.",
            child_worried="{child} feels sick at the thought of crowded corridors and sleeps badly.",
            child_well="{child} is thoughtful, draws beautifully and messages two friends.",
            child_needs="One trusted adult, one place that is safe, and a plan that doesn’t change without asking.",
            child_says="“I’m not being lazy. It’s like my chest fills up with water.”",
            outcomes=(
                Outcome(
                    "{child} comes to school part of each day and feels safe there",
                    (
                        ("lead", "Meet {child} at the side door at 10.30, three days a week"),
                        ("child", "Choose which lesson to try first, and say when it is too much"),
                        ("nursing", "See {child} about sleep and stomach aches"),
                    ),
                ),
                Outcome(
                    "{child} has ways to manage worry",
                    (
                        ("camhs", "Six sessions with the early support worker, the first by the end of the month"),
                        ("carer", "Keep mornings to the three steps on the card"),
                    ),
                ),
            ),
            notes=(
                (
                    "visit",
                    "Sat with {child} and the dog in the kitchen. Talked about drawing; not about school at all.",
                ),
                ("message", "Text from {carer}: {child} came to the gate by bus. First time alone since September."),
            ),
            better="{child} came to ten sessions and stayed for lunch twice. Sleep is better.",
            same="{child} comes to the side door but not into lessons. We agreed not to push this term.",
            worse="{child} hasn’t left the house for two weeks. {carer} is signed off with stress.",
            partners=("camhs", "nursing"),
        ),
        Theme(
            key="talking",
            ages=(2, 4),
            what_for="At the two-year review {child} used fewer than ten words and became very upset when not understood. "
            "{carer} would like help and doesn’t know which groups there are.",
            tried="A language group at the health centre (four sessions) and a hearing test, which was clear.",
            wishes="I want to know how to play with {child} so the words come. Home visits, please: buses are hard.",
            worried="{carer} has no family nearby and hasn’t been out to a group since moving here. Screens are on for "
            "most of the day.",
            well="{carer} is gentle and patient, keeps every appointment and notices small changes.",
            needs="A nursery place, a speech and language plan that everyone uses, and other parents to know.",
            child_worried="{child} points and cries, and bites when other children come close.",
            child_well="{child} loves water and bubbles, laughs easily and remembers every song.",
            child_needs="Adults who use the same few signs and give time to answer.",
            child_says="{child} took a visitor’s hand, went to the back door and signed “more”.",
            outcomes=(
                Outcome(
                    "{child} can say or sign what is wanted at home and at nursery",
                    (
                        ("lead", "Show {carer} the ten first signs, and leave the cards"),
                        ("carer", "Ten minutes of play on the floor each day with the television off"),
                        ("thistledown", "Use the same signs at snack time and note new words each week"),
                    ),
                ),
                Outcome(
                    "{carer} knows other parents nearby",
                    (("hearthside", "Go along to the Thursday group with {carer} for the first three weeks"),),
                ),
            ),
            notes=(
                (
                    "visit",
                    "Played with bubbles. {child} signed “more” six times and said “pop” once. {carer} delighted.",
                ),
                ("call", "{carer} asked about nursery hours. Sent the form for the funded place."),
            ),
            better="About thirty words and a dozen signs. Biting has stopped. {carer} has made a friend at the group.",
            same="A few new words. The nursery place starts after the holiday, so we keep the plan as it is.",
            worse="{child} is more upset than before and {carer} has stopped going to the group.",
            partners=("thistledown", "hearthside"),
        ),
        Theme(
            key="damp",
            ages=(1, 10),
            what_for="Five people in two rooms with mould on the bedroom wall. {child} has had three chest infections this "
            "year. {carer} has rung the landlord many times and feels that nobody listens.",
            tried="Letters to the landlord and the food parcel scheme. The repair was booked and missed twice.",
            wishes="A dry bedroom. And somebody who will ring the landlord with me, because I lose my temper.",
            worried="The children sleep in the living room and homework is done on the floor. {carer} is low and tired.",
            well="The home is clean and cared for in spite of it all, and the older ones look out for the little ones.",
            needs="The repair done and checked, a place on the transfer list, and advice about fuel debt.",
            child_worried="{child} coughs at night and is behind after so many days off.",
            child_well="{child} is cheerful, sociable and always ready for football.",
            child_needs="A dry place to sleep and a quiet half hour for homework.",
            child_says="“My wall has black flowers and Mum scrubs them off.”",
            outcomes=(
                Outcome(
                    "The family sleeps in dry rooms",
                    (
                        ("homes", "Inspect the bedroom wall and give a date for the repair in writing"),
                        ("lead", "Ring the landlord together with {carer} and note who said what"),
                    ),
                ),
                Outcome(
                    "{child} is well enough to be in school",
                    (
                        ("nursing", "Review the inhaler and write to the GP about the housing"),
                        ("carer", "Bring the hospital letters to the next meeting"),
                    ),
                ),
            ),
            notes=(
                ("call", "Rang the landlord with {carer}. A surveyor comes on Tuesday between nine and twelve."),
                ("visit", "Saw the bedroom. Photographs taken with {carer}’s agreement for the housing officer."),
            ),
            better="The wall is treated and dry, and {child} has had no infection since. Band B on the transfer list.",
            same="The surveyor came and agreed with us; the work has no date yet.",
            worse="The mould has spread to the second room and {child} was in hospital overnight.",
            partners=("homes", "nursing"),
        ),
        Theme(
            key="lowmood",
            ages=(0, 2),
            what_for="{carer} has been very low since the birth, cries most days and says it is hard to feel close to "
            "{child}. There is no thought of self-harm. {carer} asked the health visitor for help.",
            tried="Listening visits (four), the GP has started treatment, and a friend comes on Wednesdays.",
            wishes="I’d like to feel like myself again and to enjoy the baby. Please don’t send a different person each time.",
            worried="{carer} is alone from seven to seven, sleeps badly and has stopped answering friends.",
            well="{child} is fed, clean and gaining weight. {carer} asked for help early and keeps going.",
            needs="Company and practical help at home, and time for {carer} and {child} to enjoy each other.",
            child_worried="{child} is watchful and is slow to smile at a new face.",
            child_well="{child} settles in {carer}’s arms, feeds well and follows voices.",
            child_needs="A parent who feels better, and a few people who come often.",
            child_says="{child} stopped crying at {carer}’s voice and held on to a finger.",
            outcomes=(
                Outcome(
                    "{carer} feels less alone, and better",
                    (
                        ("hearthside", "A home visitor every Monday for twelve weeks"),
                        ("minds", "Assessment appointment, with someone to mind {child} meanwhile"),
                        ("carer", "Go out once a day, however short"),
                    ),
                ),
                Outcome(
                    "{carer} and {child} enjoy time together",
                    (("lead", "Baby massage at home, three visits, then the group if {carer} wants it"),),
                ),
            ),
            notes=(
                ("visit", "{carer} up and dressed, and proud that {child} rolled over. Mood score down from 18 to 13."),
                ("discussion", "With the GP’s agreement and {carer}’s: treatment to go on, review in four weeks."),
            ),
            better="Mood is much better. {carer} laughed a lot today and has booked a trip to see an old friend.",
            same="Good days and bad days in equal parts. The home visitor has been twice.",
            worse="{carer} is sleeping two hours a night and has stopped the treatment.",
            partners=("minds", "hearthside"),
        ),
        Theme(
            key="carer",
            ages=(9, 15),
            what_for="{child} helps {carer} to wash, dress and take tablets before school, and shops and cooks at night. "
            "{carer} has a long-term illness that has become worse this year.",
            tried="A quiet word, a late pass, and the young carers’ lunch club, which {child} likes.",
            wishes="I don’t want my child to be my nurse. But please don’t take over, we are a good team.",
            worried="{child} carries too much and has no evening to spend with friends. Benefits were cut in spring.",
            well="They are very close and make plans together. A neighbour has a key and uses it kindly.",
            needs="An adult care assessment, help in the mornings, and time off for {child}.",
            child_worried="{child} watches the phone all day in case {carer} falls.",
            child_well="{child} is capable, funny and a good cook, and trusts the form tutor.",
            child_needs="To know who is with {carer} during school, and to have Saturdays free.",
            child_says="“I don’t mind doing it. I mind that nobody asks me.”",
            outcomes=(
                Outcome(
                    "{carer} has the care that is needed from adults",
                    (
                        ("lead", "Ask adult social care for an assessment, with {carer} in the room"),
                        ("carer", "Keep a diary of two weeks to show what help is needed when"),
                    ),
                ),
                Outcome(
                    "{child} has time to be young",
                    (
                        ("carers", "A place on the Saturday group and the summer trip"),
                        ("child", "Tell the form tutor on days when it is too much"),
                    ),
                ),
            ),
            notes=(
                (
                    "visit",
                    "{carer} had a bad week. {child} made tea for everyone. Talked about what Saturdays could be.",
                ),
                (
                    "call",
                    "Adult social care will assess on the 14th; {carer} wants {child} to be there for part of it.",
                ),
            ),
            better="Carers come each morning. {child} went to three Saturday groups and has joined the cricket team.",
            same="The assessment was done; the package is still being agreed.",
            worse="{carer} was in hospital twice and {child} stayed home both weeks.",
            partners=("carers", "nursing"),
        ),
        Theme(
            key="parting",
            ages=(4, 12),
            what_for="The parents parted in the summer and argue at handovers in front of {child}, who has become tearful "
            "and says “it is my fault”. Both parents want it to stop.",
            tried="Feelings group at school and separate talks with each parent.",
            wishes="We both want {child} to stop feeling torn in two. We find it hard to be in one room.",
            worried="Arguments at the door, late changes of plan, and messages sent through {child}.",
            well="Both parents turn up, both love {child}, and there has never been violence.",
            needs="A calm handover, one calendar, and somewhere for {child} to talk.",
            child_worried="{child} has headaches on Fridays and worries about birthdays.",
            child_well="{child} has good friends and a grandmother who stays out of it.",
            child_needs="To love both parents without taking sides.",
            child_says="“I’d like two birthdays but only one Christmas.”",
            outcomes=(
                Outcome(
                    "Handovers are calm",
                    (
                        ("carer", "Hand over at school on Fridays, not at the door"),
                        ("lead", "Book both parents on the parting well course, on different evenings"),
                    ),
                ),
                Outcome(
                    "{child} has somewhere to talk",
                    (
                        ("lead", "Weekly time with the learning mentor until the summer"),
                        ("nursing", "Check about the headaches"),
                    ),
                ),
            ),
            notes=(
                ("call", "Father rang, upset about a changed weekend. Agreed to put it into the calendar, not a text."),
                ("discussion", "{child} drew two houses with a bridge. Asked to show it to both parents."),
            ),
            better="Six calm handovers in a row. {child}’s headaches have gone.",
            same="Handovers at school work, holidays don’t yet.",
            worse="A row at the school gate was seen by other children, and {child} refused to go on Friday.",
            partners=("nursing", "hearthside"),
        ),
        Theme(
            key="money",
            ages=(3, 14),
            what_for="{carer}’s hours were cut and the family has gone without gas for four days. {child} has asked for "
            "food to take home. {carer} was ashamed to ask and cried with relief when we did.",
            tried="Food parcels, uniform from the school’s rail, and a fuel voucher, once.",
            wishes="I don’t want charity for ever. Help me sort it out so that it doesn’t happen again.",
            worried="Three debts, a prepayment meter that takes back a debt, and a letter about the tenancy unopened.",
            well="{carer} budgets to the penny, goes without so that the children eat, and has always worked.",
            needs="A debt plan, the right benefits, and the tenancy safe.",
            child_worried="{child} hides food and worries about the meter.",
            child_well="{child} works hard, is well liked and never complains.",
            child_needs="Not to have to know about money, and to go on the school trip.",
            child_says="“I can tell when it’s nearly run out because we all sit in one room.”",
            outcomes=(
                Outcome(
                    "The tenancy is safe and debts are being paid at a pace that leaves money for food",
                    (
                        ("homes", "Agree a repayment plan and stop the notice"),
                        ("carer", "Bring all letters, opened or not, in one bag"),
                        ("lead", "Go with {carer} to the advice centre on Wednesday"),
                    ),
                ),
                Outcome(
                    "The children have what others have",
                    (("lead", "Free school meals form, and a place on the trip from the hardship fund"),),
                ),
            ),
            notes=(
                ("visit", "Opened eleven letters together. Worst one is the rent; it is not too late."),
                ("call", "Advice centre: {carer} has been owed a top-up since March. Claim sent today."),
            ),
            better="Notice withdrawn, back payment received, heating on. {child} came back from the trip full of stories.",
            same="The plan holds but there is nothing to spare; the claim is still being looked at.",
            worse="A second notice has come and {carer} has borrowed from a doorstep lender.",
            partners=("homes", "hearthside"),
        ),
        Theme(
            key="attention",
            ages=(6, 12),
            what_for="{child} can’t settle in class, runs out of the room and hit another child twice. Home is hard as well: "
            "meals, homework and bedtime are battles. The wait for a neurodevelopmental assessment is long.",
            tried="A workstation, movement breaks, and a parenting course, of which {carer} came to six sessions.",
            wishes="Stop telling me to be consistent. Show me what works when {child} is on the ceiling.",
            worried="{carer} is exhausted and feels judged by other parents. The little one copies the shouting.",
            well="{carer} knows exactly what sets {child} off and what helps. There is a lot of love and laughter.",
            needs="The same strategies at home and school, breaks for {carer}, and news of the waiting list.",
            child_worried="{child} says “I’m bad” and has no friend to play with at break.",
            child_well="{child} builds astonishing models, is brave and makes everyone laugh.",
            child_needs="To move, to be warned of changes, and to hear what goes well.",
            child_says="“My legs start before I know about it.”",
            outcomes=(
                Outcome(
                    "Home and school do the same things when it gets hard",
                    (
                        ("lead", "Write the one-page plan with {child}, and give it to everyone who teaches {child}"),
                        ("carer", "Use the now-and-next board at teatime"),
                        ("camhs", "Ring {carer} about the waiting list and send the interim pack"),
                    ),
                ),
                Outcome(
                    "{child} has a friend and something to be proud of",
                    (("youth", "A place at the Saturday making club, with a lift for the first month"),),
                ),
            ),
            notes=(
                ("discussion", "Observed maths. Twenty minutes of real work after the movement break, none before it."),
                ("call", "{carer}: teatime went well four times out of seven with the board. First time for months."),
            ),
            better="No one hurt for five weeks. {child} goes to the making club and showed the class a crane.",
            same="Better in the mornings, no change in the afternoons. The assessment is still eight months away.",
            worse="Two days of suspension this month. {carer} says that they can’t go on like this.",
            partners=("camhs", "youth"),
        ),
        Theme(
            key="evenings",
            ages=(13, 16),
            what_for="{child} is out until after ten most evenings, with older people whom {carer} doesn’t know, and came "
            "home with a new phone. School has seen a drop in effort. No one thing is serious enough alone.",
            tried="A mentor, a call home each Friday, and a talk from the police officer in school.",
            wishes="I want to know where {child} is without a war every night.",
            worried="{carer} doesn’t know who the friends are. {child} has lost interest in football.",
            well="{child} still answers the phone when {carer} rings, and comes home each night.",
            needs="Somewhere better to be in the evening, and an adult who can talk about risk without lecturing.",
            child_worried="{child} says that it is all under control, and doesn’t say where the phone came from.",
            child_well="{child} is loyal, quick and very good with engines.",
            child_needs="Respect, something to do with engines, and a way out that doesn’t lose face.",
            child_says="“If you actually listened instead of writing it down, I might say.”",
            outcomes=(
                Outcome(
                    "{child} is safe in the evenings and {carer} knows where",
                    (
                        ("youth", "Meet {child} twice a week at the workshop"),
                        ("child", "Text before ten, and answer when {carer} rings"),
                        ("police", "Talk to {carer} about what to look out for"),
                    ),
                ),
                Outcome(
                    "{child} has a plan for after year 11",
                    (("lead", "Visit the motor vehicle course together"),),
                ),
            ),
            notes=(
                ("visit", "{child} came down for ten minutes, and stayed forty when we talked about bikes."),
                ("discussion", "Youth worker: {child} came on both evenings and brought a friend."),
            ),
            better="Home by ten on all but two nights. {child} has a taster place at the college.",
            same="{child} goes to the workshop, but also still sees the older group.",
            worse="{child} was away for a night and won’t say where. {carer} told the police, and the front door was rung.",
            partners=("youth", "police"),
        ),
        Theme(
            key="grief",
            ages=(5, 15),
            what_for="{child}’s grandfather, who lived with the family, died in spring. {child} hardly speaks in class, and "
            "{carer} says that nobody at home can talk about it.",
            tried="A memory box at school, and a card from the class.",
            wishes="We’d like somebody to help us talk about Grandad without everyone falling apart.",
            worried="{carer} is grieving too and has gone back to work too soon. Evenings are silent.",
            well="There are aunts close by, a strong faith, and many good memories.",
            needs="Bereavement support for all, and a gentle eye at school.",
            child_worried="{child} has bad dreams and won’t sleep alone.",
            child_well="{child} plants seeds as Grandad did and tends them every day.",
            child_needs="To be allowed to talk about it, and to be allowed not to.",
            child_says="“I keep forgetting and then I remember.”",
            outcomes=(
                Outcome(
                    "The family can talk about Grandad",
                    (
                        ("hearthside", "Four evenings with the bereavement volunteer, at home"),
                        ("carer", "Look at the photographs together on Sundays"),
                    ),
                ),
                Outcome(
                    "{child} sleeps, and speaks up in class again",
                    (("lead", "Ten minutes in the school garden each morning"),),
                ),
            ),
            notes=(
                ("discussion", "{child} showed me the bean plants and told me which one is Grandad’s."),
                ("call", "{carer} asked about leave. Gave the number of the bereavement line."),
            ),
            better="{child} sleeps alone again and read aloud in assembly. The family visited the allotment together.",
            same="The volunteer has begun. Too early to say.",
            worse="{carer} can’t work at present and {child} has begun to miss school.",
            partners=("hearthside", "nursing"),
        ),
        Theme(
            key="newhere",
            ages=(3, 14),
            what_for="The family came to Marchshire eight weeks ago and knows nobody. {child} has a school place but little "
            "English yet. {carer} doesn’t know how to see a GP, and wants English classes.",
            tried="A buddy in class, picture timetable, and an interpreter for the first meeting.",
            wishes="We want to understand the letters, and for the children to have friends.",
            worried="{carer} stays in all day and is afraid of the phone. There is one bed for three.",
            well="They help each other, cook together, and {carer} was a teacher at home.",
            needs="GP, beds, English classes with a crèche, and people to meet.",
            child_worried="{child} is silent in class and is left out at break.",
            child_well="{child} writes beautifully in the first language and is quick at maths.",
            child_needs="A friend, and time to listen before speaking.",
            child_says="{child} drew the old school, with every friend’s name under it.",
            outcomes=(
                Outcome(
                    "The family knows how to get what it needs",
                    (
                        ("lead", "Register with the surgery, with an interpreter"),
                        ("homes", "Beds from the furniture scheme"),
                        ("carer", "Try the Tuesday English class"),
                    ),
                ),
                Outcome(
                    "{child} has friends",
                    (("lead", "Football club on Fridays with the buddy"),),
                ),
            ),
            notes=(
                ("visit", "With the interpreter. Went through nine letters; none of them as bad as feared."),
                ("message", "Text in two languages about Tuesday’s class. {carer} answered in English."),
            ),
            better="{carer} helps at the class now, and {child} scored twice on Friday.",
            same="The GP is sorted out; beds are promised for the end of the month.",
            worse="The landlord has given notice, and {carer} is frightened.",
            partners=("homes", "hearthside"),
        ),
        Theme(
            key="expecting",
            ages=(0, 4),
            what_for="{carer} is six months pregnant, is bringing up {child} alone and was in care as a child. {carer} would "
            "like things to be ready this time, and trusts the midwife.",
            tried="Extra midwife visits and a voucher for a cot.",
            wishes="I want to show that I can do this. Tell me things straight.",
            worried="There is no one for {child} during the birth. The flat is up two flights of stairs.",
            well="{carer} has stopped smoking, keeps every appointment and reads to the bump.",
            needs="A birth plan with someone for {child}, baby things, and a person to ring at night.",
            child_worried="{child} has become clingy and wakes often.",
            child_well="{child} is chatty, curious and kisses the bump good night.",
            child_needs="To know who will come when the baby does.",
            child_says="“Baby can have my old blanket but not the rabbit.”",
            outcomes=(
                Outcome(
                    "Everything is ready for the baby",
                    (
                        ("midwifery", "Birth plan, and who to ring, on one page"),
                        ("carer", "Ask Aunt about the week of the birth"),
                        ("hearthside", "Cot, car seat and clothes by the end of the month"),
                    ),
                ),
                Outcome(
                    "{child} is looked after, and ready to be a big one",
                    (("lead", "Nursery place for two more mornings"),),
                ),
            ),
            notes=(
                ("visit", "Flat warm and tidy. Made the list of what is still needed; it is short."),
                ("call", "Midwife: all well at 28 weeks. {carer} asked about a support person for the birth."),
            ),
            better="All is ready, and Aunt will come. {carer} is proud, with reason.",
            same="Cot has come; no one for {child} yet.",
            worse="{carer} has been told to rest, and there is nobody to help with {child}.",
            partners=("midwifery", "hearthside"),
        ),
        Theme(
            key="grandparents",
            ages=(3, 13),
            what_for="{carer} has brought up {child} for a year, since {child}’s mother became unwell. {carer} is tired, "
            "isn’t sure of the legal position, and has had no money for it.",
            tried="After-school club free of charge, and a talk about benefits.",
            wishes="I want to do right by {child}, and to know where we stand. I’m not as young as I was.",
            worried="{carer}’s own health, and what happens if it gets worse. {child}’s mother comes without warning.",
            well="A calm, loving home with routines. {child} is thriving here.",
            needs="Legal advice, the right allowance, and breaks.",
            child_worried="{child} is upset for days after each visit, and asks when the next one is.",
            child_well="{child} bakes, sings and has a best friend next door.",
            child_needs="To know when Mum is coming, and that Gran will be all right.",
            child_says="“Gran’s is my home but Mum’s is my other home that’s poorly.”",
            outcomes=(
                Outcome(
                    "{carer} knows where the family stands in law and in money",
                    (
                        ("lead", "Free legal advice on the 20th; go along"),
                        ("carer", "Apply for the allowance, with the form that we filled in"),
                    ),
                ),
                Outcome(
                    "{child} can look forward to time with Mum",
                    (
                        ("hearthside", "Somewhere neutral for Saturday visits"),
                        ("minds", "Ask Mum’s worker to say when she is well enough"),
                    ),
                ),
            ),
            notes=(
                ("visit", "{carer} showed me the bedroom that they painted together. Talked about tiredness."),
                ("discussion", "{child} told me about the visit: “It was nice and then it was sad.”"),
            ),
            better="Allowance paid, two good Saturdays, and {carer} has a morning off each week.",
            same="Waiting for the legal advice. Visits are still unplanned.",
            worse="{carer} had a fall, and {child} slept at the neighbour’s for a week.",
            partners=("hearthside", "minds"),
        ),
    )
}
