"""Codes of what follows from an answer besides the answer itself.

Acted on so far: `APPOINTMENT` and `WAITING_LIST` (a time for a first visit in the calendar, and the list of what it
lacks), `NO_REMINDERS` (the consent centre offers and sends none) and `SHARING_REDUCED` (a referral or a form with more
than was said yes to is not sent). The others, and those that an act names in acts.yaml, follow the answer and are made
into nothing yet, neither shown nor a task; where the book does what one says, as the clocks of a notification of
concern, it does so by rules of its own.
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
