from dataclasses import dataclass

PASSWORD = "early-help-demo"


@dataclass(frozen=True)
class Persona:
    """Someone to be in the demonstration."""

    email: str
    name: str
    job: str
    does: str


def persona(key: str, name: str, job: str, does: str) -> Persona:
    return Persona(f"{key}@demo.example", name, job, does)


PERSONAS = [
    persona("alice", "Alice Marlow", "Deputy head and safeguarding lead, Birch Lane Primary School", "Leads families"),
    persona("bob", "Bob Tanner", "Family support worker, Birch Lane Primary School", "Alice’s colleague"),
    persona("charlie", "Charlie Osei", "Health visitor, Marchshire Health Visiting", "On the team of Alice’s families"),
    persona("dana", "Dana Petrov", "Pastoral lead, Oakfield Secondary School", "A stranger to Alice’s families"),
    persona(
        "manager", "Moira Finch", "Head teacher, Birch Lane Primary School", "Alice’s manager: decides on more time"
    ),
    persona("locality", "Len Abara", "Locality officer, Marchshire North", "Runs the front door of one area"),
    persona("service", "Sunita Rao", "Early help service manager, Marchshire Council", "Oversees every family"),
    persona("socialworker", "Sam Whitlock", "Social worker, Marchshire Children’s Services", "Steps families down"),
    persona("auditor", "Aled Prosser", "Partnership auditor", "Reads a sample of families"),
    persona(
        "admin",
        "Ada Lindqvist",
        "Service administrator, Marchshire Council",
        "Keeps agencies and words; sees no family",
    ),
]
