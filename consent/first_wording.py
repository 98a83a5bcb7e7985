"""What the agreement form says until the administrator publishes their own words. A migration loads it: never edited."""

FIRST_WORDING = {
    "introduction": """\
Early help is support for you and your family, before worries get bigger. It is your choice. You can say yes, no, or yes \
to some of it.

This form says what we write down about you, who can see it, and when. Ask us about anything that is not clear. We can \
read it out, find an interpreter, or give you more time.

Everyone who is old enough chooses for themselves. Most young people do from the age of {age}. Parents choose for \
younger children. We ask the children what they think too.""",
    "held": """\
We write down your names, your dates of birth, where you live and how to reach you. We write down what is going well, \
what worries you, and what you want to change. We also write down your plan, and notes of calls, visits and meetings.

We do this so that you don’t have to tell your story again and again, and so that we all keep to what was agreed.

Your record is kept safe by {council}. People can open it only if they need it for their work with you, or to check \
that work. We keep a list of who opens it. You can ask for that list.

You can ask to see what we hold. If something is wrong, tell us and we will look at it with you.""",
    "shared": """\
People who help you may need to talk to each other. They could be from your school, your health visitor’s team or your \
housing office. You choose who can know about you, and how much. We share so that they can help you, and for nothing \
else.

There are two steps: basic, and basic and additional. If you leave a line empty, we share nothing with them. You can \
tick Never for anyone who must not see this. You can also name a person who must not see it, wherever they work.""",
    "basic": """\
Basic information is your names and dates of birth, that you get early help, and who your {lead} is. It does not say \
why you get help.""",
    "additional": """\
Additional information is the rest of your record: where you live and how to reach you, what you need, what is going \
well, your plan, and notes of calls, visits and meetings. Some notes are only for the service that wrote them.""",
    "refusing": """\
You can say no to all of this, or to part of it. Then we can’t bring people together to help you, but one service may \
still be able to help. You can use your school, your doctor and other services just as before. You are not in trouble \
if you say no.""",
    "withdrawing": """\
You can change your mind at any time, about all of it or about one service. Tell your {lead}, or anyone at {service}. \
You don’t have to say why. From then on, that service can’t open your record. We can’t take back what people have read \
or been told. We keep what is written already, and you can ask us about that.""",
    "limits": """\
Most of the time we ask you before we share. Sometimes we must share without your {agreement}. This is only when:

- a child is being badly hurt, or may be
- an adult may be badly hurt
- it helps to stop or solve a serious crime
- waiting to ask you would get in the way of finding out about one of these
- a court tells us to
- the law says that we must
- someone’s life is in danger

Then we share only what is needed, with those who need it. We write down what we decided and the reason. We tell you, \
unless that would put someone in danger or get in the way of finding out what happened.""",
    "statements": """\
Someone went through this form with me and answered my questions.
I know what is written down about me or my children, and why.
I know who can see it. The boxes on this form say what I chose.
I know that I can say no, and what happens then.
I know that I can change my mind at any time, and how.
I know when information can be shared without my {agreement}.""",
}
