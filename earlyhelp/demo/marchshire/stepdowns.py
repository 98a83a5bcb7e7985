"""Families that come from social care: each step by the person who takes it; and those that go back."""

from datetime import timedelta

from django.core.files.base import ContentFile

from assessments.models import Assessment
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.demo.marchshire.telling import Story, Teller, read, when
from families.models import Document
from families.models.episodes import HelpLevel
from families.rules import RequestSaid
from families.services import team
from plans.services import meetings
from plans.services.meetings import ArrangeSaid, MeetingSaid
from stepdown.models import LevelChange, StepDown
from stepdown.rules import StepSaid
from stepdown.services import analysis, completing, level, opening, steps, stepup
from stepdown.services.gate import look_at_all, panel_day

SOCIAL_WORKER = "socialworker"


class HandedOver(Story):
    """A family that social care steps down."""

    step_down: StepDown

    def _begin(self, said: RequestSaid, actor: User) -> None:
        worker = self.users[SOCIAL_WORKER]
        opened = opening.Opened(
            worker=worker,
            agency=self.home[SOCIAL_WORKER],
            locality=self.place,
            family_name=said.family_name,
            why=said.what_for,
            people=said.people,
            address=self.address_lines,
        )
        self.step_down = opening.open_step_down(opened, actor=actor)
        self.leader = self.first_contact = SOCIAL_WORKER
        self._found()

    def _found(self) -> None:
        with acting_as_system("load the demonstration"):
            self.step_down = StepDown.objects.select_related("family", "episode", "worker").get(pk=self.step_down.pk)
        if self.step_down.family:
            self.family = self.step_down.family
            self._know_people()

    def who_they_are(self, actor: User) -> None:
        """What the social worker knows of them: told once."""
        for someone in self.cast:
            self._describe(someone, actor)
        self._relate(actor)

    def did(
        self, actor: User, code: str, present: str = "{carer} and {child}", words: str = "", together: bool = True
    ) -> None:
        said = StepSaid(clock.today(), self.say(present), self.say(words), together)
        steps.record(step_down=self.step_down, code=code, said=said, actor=actor)

    def filed(self, actor: User) -> None:
        Document.objects.create(
            family=self.family,
            episode=self.here["episode"],
            kind=Document.Kind.AGREEMENT,
            title=f"Signed agreement of {clock.today():%-d %B %Y}",
            size=8,
            content_type="application/pdf",
            file=ContentFile(b"%PDF-1.4", "signed.pdf"),
            uploaded_by=actor,
            created_by=actor,
            signed_on=clock.today(),
        )

    def challenged(self, actor: User, talked: str, words: str, result: str = "stands") -> None:
        """How a no to leading was talked over."""
        team.challenge(lead=self.lead_asked, on=clock.today(), by=talked, said=words, result=result, actor=actor)

    def chose_route(self, actor: User, route: str) -> None:
        steps.choose_route(step_down=self.step_down, route=route, actor=actor)

    def arranged(self, actor: User, kind: str, why: str = "") -> None:
        said = ArrangeSaid(kind=kind, on=clock.today(), at="3.30pm", place="At the school", early_reason=why)
        meetings.arrange(**self.here, said=said, actor=actor)

    def met(self, actor: User, kind: str, words: str, *, clear: bool | None = None, told: str = "") -> None:
        carer, child = self.persons[self.carer], self.persons[self.child]
        said = MeetingSaid(
            kind=kind,
            on=clock.today(),
            outcomes=self.say(words),
            users=[actor],
            family_came=[carer, child],
            words={carer: self.say(self.theme["wishes"]), child: self.say(self.theme["child_says"])},
            plan_is_clear=clear,
            told=self.say(told),
        )
        meetings.record(**self.here, said=said, actor=actor)

    def brought(self, actor: User, title: str, text: str, into: str) -> None:
        """The analysis comes over, and all of it goes into one box of the assessment."""
        said = analysis.Brought(
            title=title,
            author=f"{actor}, {actor.job_title}",
            written_on=clock.today() - timedelta(days=20),
            about=list(self.family.people()),
            pasted=[self.say(text)],
        )
        kept = analysis.bring(step_down=self.step_down, brought=said, actor=actor)
        assessment = Assessment.objects.select_related("form", "episode").get(pk=self.assessment.pk)
        target = next(
            one for one in analysis.targets(assessment, self.family, self.step_down) if one.key.startswith(into)
        )
        analysis.place(analysis=kept, assessment=assessment, target=target, passages=[0], actor=actor)

    def at_panel(self, actor: User, side: str, words: str) -> None:
        with acting_as_system("load the demonstration"):
            day = panel_day(self.step_down) or clock.today()
        said = StepSaid(day, "Sam Whitlock, Len Abara", self.say(words))
        steps.agree_at_panel(step_down=self.step_down, side=side, said=said, actor=actor)

    def completed(self, actor: User) -> None:
        completing.complete(step_down=self.step_down, family_told="Sam told them at the last visit", actor=actor)

    def stopped(self, actor: User, reason: str) -> None:
        completing.stop(step_down=self.step_down, reason=self.say(reason), actor=actor)


class InNeed(Story):
    """A family that is helped as a child in need, in the record that its early help had."""

    def raised(self, actor: User, who: str, reason: str) -> None:
        level.set_level(
            episode=self.here["episode"],
            level=HelpLevel.CHILD_IN_NEED,
            on=clock.today(),
            reason=self.say(reason),
            overseer=self.users[who],
            actor=actor,
        )
        self._reload()

    def countersigned(self, actor: User) -> None:
        change = LevelChange.objects.filter(episode=self.here["episode"], countersigned_at=None).get()
        level.countersign(change=change, actor=actor)

    def goes_down(self, actor: User, why: str) -> None:
        opening.open_within(**self.here, why=self.say(why), actor=actor)
        self._reload()


def tell_step_ups(families: dict[str, Story]) -> int:
    """Families of which social care was told: one waits for its written part, one for an answer, one came back with advice."""
    told = read("stepdowns")["step_up"]
    for said in told:
        story = families[said["family"]]
        with story.acting(said["by"], when(said["ago"])) as actor:
            row = stepup.step_up(
                **story.here,
                said=stepup.Said(
                    about=[story.persons[story.child].pk],
                    ground=said["ground"],
                    what=story.say(said["what"]),
                    tried=story.say(said.get("tried", "")),
                    agreed=said["agreed"],
                    agreed_by=story.persons[story.carer].name if said["agreed"] == "yes" else "",
                    because=said.get("because", ""),
                    adviser=said.get("adviser", ""),
                    rang=said.get("rang", ""),
                ),
                actor=actor,
                agency=story.home[said["by"]],
            )
        if "sent" in said:
            with story.acting(said["by"], story.last + timedelta(hours=2)) as actor:
                stepup.sent(row=row, how=said["sent"], actor=actor)
        if "answer" in said:
            with story.acting(said["by"], story.last + timedelta(days=1)) as actor:
                row.family, row.episode = story.family, story.here["episode"]
                answer = said["answer"] | {"words": story.say(said["answer"]["words"])}
                stepup.answered(row=row, on=clock.today(), may_rest=True, actor=actor, **answer)
    return len(told)


def tell_step_downs(teller: Teller) -> list[Story]:
    """The families that come from social care, each at another stage."""
    told = [teller.tell(said, HandedOver) for said in read("stepdowns")["family"]]
    told += [teller.tell(said, InNeed) for said in read("stepdowns")["in_need"]]
    look_at_all()
    return told
