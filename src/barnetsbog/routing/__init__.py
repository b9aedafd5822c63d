"""Which door? Who may and who should send a child where, as rules that can be read and changed. Pure.

1. `rules.yaml` holds who asks, what the worry can be, which doors there are, and one record a rule, with its reason in
   plain Danish and where it was read. `cases.yaml` holds what must come out of them. `files` reads both, and an
   instance's own changes, and says precisely what is wrong.
2. `model` has the words; `rulebook` keeps the rules ready to be asked and refuses two that contradict each other.
3. `rules.advise` answers a question with the doors in order. Nothing is a hard stop: a door that is a "no" names the
   right way instead, and can be taken all the same with a reason (`override_needs_reason`). The acute door stands on
   every answer.
4. `checking` says what is wrong with a set of rules as a whole: a child without a door, a case that no longer holds.
   `loading` reads and checks, so that no rulebook is used that hasn't been checked.
5. `table` and `notice` tell of the same rules: who may send a child where, and the letter to general practitioners.

The rules are recommendations of the field (sources in the file) and not law; the law is in `law`.
"""
