"""Consents, custody and the child between FHIR and the law's own words; and where consents are asked and answered.

Below the record, pure: no database, no clock.

1. `acts` names what can be consented to, and whether it moves something between units.
2. `reading` is how a resource is read strictly: what isn't clear stops the reading with a reason in Danish.
3. `mapping` makes a FHIR Consent into `law.model.Consent` and back. What can't be read precisely is a `Problem` and
   never opens anything.
4. `people` reads custody out of the RelatedPersons and the child out of the Patient.
5. `addressing` lists whom an entry was sent to: what is sent to a unit, that unit may read.
6. `matters` puts together the answers about one matter; `papers` writes scans, reminders and blockings; `model` is
   what pages are shown.

Above the intake:

7. `answering` says what a record becomes by an answer.
8. `effects` compares everybody's rights with an answer and without it.
9. `queries` reads, through the Book, what a reader may see of who has said what.
10. `closing` reads what a young person may close for everybody else, and for whom.
11. `endings` tells units of sharings that ended by themselves.
12. `operations` asks, answers, registers, takes back, reminds and blocks, each through the intake.
"""
