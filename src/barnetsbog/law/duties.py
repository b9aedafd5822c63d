"""Codes of what follows from an answer besides the answer itself.

What becomes of them: `INFORM`, `HOLD_PARENT_NOTICE` (once a young person has decided), `PARTY_NOTICE` and
`CHILD_OBJECTS` are balls of the unit that acts, opened with the answer (`deadlines.opening.owed`, ADR 14).
`APPOINTMENT` and `WAITING_LIST` decide on a time for a first visit and on the list of what it lacks, `NO_REMINDERS` on
what the consent centre offers and sends, `SHARING_REDUCED` on whether a referral or a form is sent. `ACUTE_NO_BASIS`
goes with an acute referral, which waits for nobody and says what must be told afterwards. What a unit must know besides
stands in words where it reads the matter (`portal.duty_words`).

Those that an act names in acts.yaml follow what is done without consent, by a statute; the book does what they say by
rules of its own: the clocks of a notification of concern, the receipt of a moved family's package, the one meeting of a
pack and the leader's approval of it.
"""

INFORM = "inform:"
"""Followed by the person: a holder who must be told what the young person of 15-17 decided."""
PARTY_NOTICE = "party-notice"
"""The child is a party from 10: hearing, and a decision letter of its own."""
CHILD_VIEW_MISSING = "child-view-missing"
CHILD_OBJECTS = "child-objects"
"""A child under 15 has said no. Not a veto, but nobody may overlook it."""
HOLD_PARENT_NOTICE = "hold-parent-notice"
"""Nothing goes to the parents before the risk of an honour-related conflict is assessed."""
WAITING_LIST = "waiting-list-allowed"
APPOINTMENT = "appointment-allowed"
NO_REMINDERS = "no-reminders"
SHARING_REDUCED = "sharing-reduced"
"""Less may be shared than was asked for."""
CAPACITY_WITHOUT_REASON = "capacity-decision-without-reason"
"""A record that the young person can't answer alone counts for nothing until it is reasoned."""
ACUTE_NO_BASIS = "acute-has-no-basis-here"
"""That it is acute doesn't make consent unnecessary for this act; breaking the glass is another way."""
EXIT_CONVERSATION = "exit:conversation"
EXIT_FAMILY_COURT = "exit:familieretshuset"
EXIT_CONCERN = "exit:concern-notification"
EXIT_EXAMINATION = "exit:child-protection-examination"
"""What a human being may do after a no (law-and-access §4). None of them is done by the program."""

PLACE_AND_TIME = (WAITING_LIST, APPOINTMENT)
"""Codes that allow something. They fall away when an answer becomes REVIEW."""
