import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from earlyhelp.access.levels import Level
from earlyhelp.access.views import FamilyView
from earlyhelp.core import clock
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.drafts.changes import FamilyChangePage, then
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.components import Row, when_text
from earlyhelp.govuk.fields import list_words
from earlyhelp.govuk.forms import GovukForm
from families import case as family_case
from families import policies
from families.birth import accuracy, partial
from families.clocks import FIRST_CONTACT
from families.forms import people as forms
from families.forms.more import QUESTIONS, MoreForm, shown
from families.genogram import drawn, genogram
from families.models import (
    Address,
    AreaMove,
    ContactDetail,
    FiledInError,
    Person,
    PersonDetails,
    Relationship,
    Request,
    RequestPerson,
    WaitingChange,
)
from families.presenters import whom_not_to_write_about
from families.services import episodes, people, waiting

DETAILS = ("interpreter", "access_needs", "school", "gp")


ADDRESSES = Prepared(lambda family: Address.objects.in_use().filter(family=family).select_related("person"))
STUBS = Prepared(lambda family: FiledInError.of(Person).filter(family=family))
WAITING = Prepared(
    lambda family: WaitingChange.objects.filter(family=family, status=WaitingChange.Status.WAITING).select_related(
        "created_by"
    )
)
MOVES = Prepared(lambda family: AreaMove.objects.filter(family=family).select_related("moved_from", "moved_to"))
OF_PEOPLE = Prepared(lambda family: PersonDetails.objects.filter(family=family))
WAYS = Prepared(lambda family: ContactDetail.objects.in_use().filter(family=family))
RELATED = Prepared(lambda family: Relationship.objects.filter(family=family).select_related("person", "to_person"))
SAID_OF = Prepared(
    lambda people: (
        RequestPerson.objects.filter(Among("person", people))
        .exclude(relationship="")
        .order_by("pk")
        .values_list("person", "relationship")
    )
)


class People(FamilyView):
    """Who they are, how they are related, how to reach them safely."""

    action = policies.SEE_PEOPLE
    template_name = "families/people.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        everyone = family_case.everyone(self.case)
        details = {d.person_id: d for d in OF_PEOPLE(self.family)}
        contacts: dict[int, list[ContactDetail]] = {}
        for contact in WAYS(self.family):
            contacts.setdefault(contact.person_id, []).append(contact)
        related: dict[int, list[Relationship]] = {}
        relations = RELATED(self.family)
        for row in relations:
            related.setdefault(row.person_id, []).append(row)
            related.setdefault(row.to_person_id, []).append(row)
        gone = {person.pk for person in everyone if person.left_on}
        in_request = dict(SAID_OF([person.pk for person in everyone]))
        # The asker's words about one person may name another, of whom the reader isn't to know
        if any(self.asker.withheld):
            in_request = {}
        known = {pk for rows in related.values() for row in rows for pk in (row.person_id, row.to_person_id)}
        rows = [
            (
                p,
                details.get(p.pk),
                contacts.get(p.pk, []),
                related.get(p.pk, []),
                "" if p.pk in known else in_request.get(p.pk, ""),
            )
            for p in everyone
        ]
        return self.page(
            drawing=genogram(drawn(everyone), relations) if relations else None,
            rows=[row for row in rows if row[0].pk not in gone],
            gone=[row for row in rows if row[0].pk in gone],
            addresses=ADDRESSES(self.family),
            stubs=STUBS(self.family),
            may_change=self.may(policies.CHANGE_PEOPLE),
            may_leave=self.may(policies.PERSON_LEFT),
            may_change_family=self.may(policies.CHANGE_FAMILY),
            waiting=WAITING(self.family),
            may_decide=self.asker.level >= Level.LEAD,
            moves=MOVES(self.family),
        )


class PersonPage(FamilyFormPage, abstract=True):
    action = policies.CHANGE_PEOPLE
    form_class = forms.PersonForm

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}people/"

    def split(self, data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """A person's own fields, and those of their details."""
        data = dict(data)
        born = data.pop("date_of_birth")
        day = born.first if born else None
        unborn = data["kind"] == Person.Kind.UNBORN
        details = {name: data.pop(name) for name in DETAILS}
        data |= {"born": accuracy(born), "date_of_birth": None if unborn else day, "due_date": day if unborn else None}
        return data, details


class AddPerson(PersonPage):
    title = "Add a person"
    submit_text = "Add this person"
    success = "They are added. Record under “Sharing” what they let each agency know."

    def initial(self) -> dict[str, Any]:
        return {"last_name": self.family.name}

    def save(self, form: forms.PersonForm) -> str:
        fields, details = self.split(form.cleaned_data)
        fields.pop("confirmed")
        people.add_person(family=self.family, actor=self.user, details=details, **fields)
        return self.back_url()


class ChangePerson(FamilyChangePage, PersonPage):
    submit_text = "Save"
    success = "Saved."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = self.row(Person, pk=kwargs["pk"])
        self.title = f"Change {self.person.name}"

    def saved(self) -> Person:
        return Person.objects.select_related("details").get(pk=self.person.pk)

    def at(self, row: Person, version: int) -> Person | None:
        person, details = then(row, version), then(row.details, version)
        if person and details:
            person.details = details
            return person
        return None

    def initial_of(self, row: Person) -> dict[str, Any]:
        mine = {f: getattr(row, f) for f in ("kind", "first_name", "last_name", "known_as", "home")}
        known = {name: getattr(row.details, name) for name in DETAILS}
        return mine | known | {"other_names": ", ".join(row.other_names), "date_of_birth": partial(row)}

    def save(self, form: forms.PersonForm) -> str:
        fields, details = self.split(form.cleaned_data)
        confirmed = fields.pop("confirmed")
        fields.pop("right_because")
        waits = {} if self.asker.level >= Level.LEAD else waiting.decisive(self.person, fields)
        fields |= {name: getattr(self.person, name) for name in waits}
        people.change_person(
            person=self.person, version=self.version, actor=self.user, details=details, confirmed=confirmed, **fields
        )
        if waits:
            words = self.in_words(waits)
            waiting.propose(person=self.person, fields=waits, words=words, actor=self.user)
            self.success = f"Saved, and the lead is asked about this: {words}."
        return self.back_url()

    def in_words(self, waits: dict[str, Any]) -> str:
        """A change that waits, as a person would say it: "born 9 June 2017 is to be born 9 June 2018"."""
        then = copy.copy(self.person)
        for name, value in waits.items():
            setattr(then, name, value)
        return f"“{self.person.summary}” is to be “{then.summary}”"


class MoreAbout(FamilyChangePage):
    """Gender, first language, ethnicity, disability and numbers: each may be not known, not asked or not said."""

    action = policies.CHANGE_PEOPLE
    form_class = MoreForm
    success = "Saved."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = self.row(Person, pk=kwargs["pk"])
        self.row(PersonDetails, person=self.person)
        self.title = f"More about {self.person.name}"

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}people/"

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_child": self.person.kind != Person.Kind.ADULT}

    def saved(self) -> PersonDetails:
        return PersonDetails.objects.select_related("person").get(person=self.person)

    def initial_of(self, row: PersonDetails) -> dict[str, Any]:
        kept = {name: getattr(row.person if name == "gender" else row, name) for name in QUESTIONS}
        return {box: answer for name, text in kept.items() for box, answer in shown(name, text).items()}

    def save(self, form: MoreForm) -> str:
        people.change_more(person=self.person, version=self.version, actor=self.user, answers=form.answers())
        return self.back_url()


class PersonRow(FamilyFormPage, abstract=True):
    """A form about one person of the family."""

    action = policies.CHANGE_PEOPLE
    success = "Saved."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = self.row(Person, pk=kwargs["pk"])

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}people/"


class Relate(PersonRow):
    form_class = forms.RelationshipForm

    def get_title(self) -> str:
        return f"How {self.person.name} is related"

    def form_kwargs(self) -> dict[str, Any]:
        return {"others": [p for p in self.family.people() if p != self.person]}

    def save(self, form: forms.RelationshipForm) -> str:
        data = form.cleaned_data
        to_person = self.row(Person, pk=data["to_person"])
        said = data["parental_responsibility"]
        now = waiting.responsibility(self.person, to_person)
        waits = self.asker.level < Level.LEAD and (said == waiting.YES) != (now == waiting.YES)
        people.check_relation(
            self.person,
            to_person,
            kind=data["kind"],
            parental_responsibility=said,
            right_because=data["right_because"],
        )
        people.relate(
            person=self.person,
            to_person=to_person,
            kind=data["kind"],
            parental_responsibility=now if waits else said,
            right_because=data["right_because"],
            confirmed=data["confirmed"],
            actor=self.user,
        )
        if waits:
            answer = Relationship.Responsibility(said).label.lower()
            words = f"Parental responsibility of {self.person.name} for {to_person.name}: {answer}"
            fields = {"parental_responsibility": said}
            waiting.propose(person=self.person, to_person=to_person, fields=fields, words=words, actor=self.user)
            self.success = f"Saved, and the lead is asked about this: {words}."
        return self.back_url()


class Unrelate(FamilyFormPage):
    """A relation that isn't so."""

    action = policies.CHANGE_PEOPLE
    form_class = GovukForm
    keeps_draft = False
    removes = True
    submit_text = "Remove this relation"
    success = "The relation is removed. History keeps it."
    warning = "It is gone from both people. What one of them decides for the other can rest on it."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.relation = self.row(Relationship, pk=kwargs["pk"])
        one, other = self.relation.person, self.relation.to_person
        self.title = f"Is {one.name} not {self.relation.kind} of {other.name}?"

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}people/"

    def save(self, form: GovukForm) -> str:
        people.unrelate(relation=self.relation, actor=self.user)
        return self.back_url()


class DecideChange(FamilyFormPage):
    """A change of what decisions rest on, that someone else asked for."""

    action = policies.DECIDE_CHANGE
    form_class = forms.WaitingForm
    template_name = "families/waiting.html"
    title = "Is this change right?"
    submit_text = "Decide"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.waiting = self.row(WaitingChange, pk=kwargs["pk"])

    def thing(self) -> WaitingChange:
        change: WaitingChange = self.waiting
        return change

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}people/"

    def context(self) -> dict[str, Any]:
        change = self.thing()
        rows = [
            Row("Who", change.person.name),
            Row("What", change.words),
            Row("Asked for", f"{when_text(change.created_at)}, by {change.created_by}"),
        ]
        if change.to_person:
            after = change.fields["parental_responsibility"]
            follows = waiting.from_relation(change.person, change.to_person, after)
        else:
            follows = waiting.from_birth(change.person, waiting.values(change))
        return super().context() | {"rows": rows, "follows": follows}

    def save(self, form: forms.WaitingForm) -> str:
        make = form.cleaned_data["make"] == "yes"
        people.decide_change(change=self.thing(), make=make, actor=self.user)
        self.success = "The change is made." if make else "The change is not made."
        return self.back_url()


class AddContactDetail(PersonRow):
    form_class = forms.ContactDetailForm

    def get_title(self) -> str:
        return f"How to contact {self.person.name} safely"

    def save(self, form: forms.ContactDetailForm) -> str:
        people.add_contact_detail(person=self.person, actor=self.user, **form.cleaned_data)
        return self.back_url()


class OneContactDetail(FamilyFormPage, abstract=True):
    action = policies.CHANGE_PEOPLE

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.contact = self.row(ContactDetail, pk=kwargs["pk"])
        if not ContactDetail.objects.in_use().filter(pk=self.contact.pk).exists():
            raise Http404
        self.whose = self.contact.person.name

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}people/"


class ChangeContactDetail(FamilyChangePage, OneContactDetail):
    form_class = forms.ContactDetailForm
    template_name = "families/change_contact.html"
    success = "Saved."

    def get_title(self) -> str:
        return f"Change how to contact {self.whose}"

    def context(self) -> dict[str, Any]:
        return super().context() | {"contact": self.contact}

    def saved(self) -> ContactDetail:
        return ContactDetail.objects.get(pk=self.contact.pk)

    def initial_of(self, row: ContactDetail) -> dict[str, Any]:
        return {name: getattr(row, name) for name in forms.ContactDetailForm.base_fields}

    def save(self, form: forms.ContactDetailForm) -> str:
        people.change_contact_detail(contact=self.contact, version=self.version, actor=self.user, **form.cleaned_data)
        return self.back_url()


class RetireContactDetail(OneContactDetail):
    form_class = forms.RetireContactForm
    keeps_draft = False
    removes = True
    submit_text = "It is not used any more"
    success = "It is gone from the family’s pages and prints. History keeps it."

    def get_title(self) -> str:
        return f"Is this not used any more, to reach {self.whose}?"

    def get_lede(self) -> str:
        return f"{self.contact.get_kind_display()}: {self.contact.value}"

    def initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def save(self, form: forms.RetireContactForm) -> str:
        people.retire(fact=self.contact, actor=self.user, **form.cleaned_data)
        return self.back_url()


class AddressPage(FamilyFormPage, abstract=True):
    action = policies.CHANGE_PEOPLE

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}people/"


class AddAddress(AddressPage):
    form_class = forms.NewAddressForm
    title = "Add an address"
    submit_text = "Add this address"
    success = "The address is added."

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": list(self.family.people())}

    def save(self, form: forms.NewAddressForm) -> str:
        data = dict(form.cleaned_data)
        whose = data.pop("person")
        person = self.row(Person, pk=whose) if whose else None
        people.add_address(family=self.family, person=person, actor=self.user, **data)
        return self.back_url()


class OneAddress(AddressPage, abstract=True):
    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.address = self.row(Address, pk=kwargs["pk"])
        if not Address.objects.in_use().filter(pk=self.address.pk).exists():
            raise Http404
        self.whose = self.address.person.name if self.address.person else "the family"


class ChangeAddress(FamilyChangePage, OneAddress):
    form_class = forms.AddressForm
    template_name = "families/change_address.html"
    success = "Saved."

    def get_title(self) -> str:
        return f"Change where {self.whose} lives"

    def context(self) -> dict[str, Any]:
        return super().context() | {"address": self.address}

    def saved(self) -> Address:
        return Address.objects.get(pk=self.address.pk)

    def initial_of(self, row: Address) -> dict[str, Any]:
        return {"lines": row.lines, "postcode": row.postcode_words, "do_not_disclose": row.do_not_disclose}

    def save(self, form: forms.AddressForm) -> str:
        people.change_address(address=self.address, version=self.version, actor=self.user, **form.cleaned_data)
        return self.back_url()


class RetireAddress(OneAddress):
    form_class = forms.RetireAddressForm
    keeps_draft = False
    removes = True
    submit_text = "It is not used any more"
    success = "The address is gone from the family’s pages and from search. History keeps it."

    def get_title(self) -> str:
        return f"Is this not an address of {self.whose} any more?"

    def get_lede(self) -> str:
        return ", ".join([*self.address.lines.splitlines(), self.address.postcode_words]).strip(", ")

    def initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def save(self, form: forms.RetireAddressForm) -> str:
        people.retire(fact=self.address, actor=self.user, **form.cleaned_data)
        return self.back_url()


class RecordContact(FamilyFormPage):
    """A try to reach the family, with how to do it safely beside it."""

    action = policies.RECORD_CONTACT
    form_class = forms.ContactAttemptForm
    template_name = "families/record_contact.html"
    title = "Record a contact"
    success = "The contact is recorded."

    def get_lede(self) -> str:
        words = FIRST_CONTACT.rule.words
        return f"A try to reach the family meets the {words}, whether or not you got through."

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": list(self.family.people()), "warnings": whom_not_to_write_about(self.family, self.asker)}

    def initial(self) -> dict[str, Any]:
        return {"at": clock.now()}

    def context(self) -> dict[str, Any]:
        requests = list(Request.objects.filter(family=self.family).select_related("words"))
        not_told = {pk for row in requests for pk in row.not_told}
        contacts = (
            ContactDetail.objects.in_use()
            .filter(family=self.family)
            .exclude(person__in=not_told)
            .select_related("person")
        )
        left_out = list_words([person.name for person in self.family.people() if person.pk in not_told])
        return super().context() | {"contacts": contacts, "requests": requests, "left_out": left_out}

    def save(self, form: forms.ContactAttemptForm) -> str:
        episodes.record_contact(family=self.family, episode=self.family.episode(), actor=self.user, **form.said())
        return self.family.get_absolute_url()
