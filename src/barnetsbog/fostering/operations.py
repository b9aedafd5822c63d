"""Writing a note of medicine that was given."""

from uuid import UUID

from barnetsbog.access.gathering import facts_of
from barnetsbog.intake.writing import author_of, patient_of, write, writing
from barnetsbog.kernel.decisions import NotFound, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.record.scope import Scope

from . import mapping, rules
from .model import Fostering, Given
from .queries import is_carer


def note_medicine(*, by: Scope, child_id: UUID, given: Given) -> UUID:
    """Keeps a note; those whom `rules.readers` names may read it. `Refused` when it can't be kept."""
    between: list[str] = []
    with writing(by, Fostering.WRITE, child_id, between=between):
        if not is_carer(by):
            raise NotFound
        require(rules.can_be_kept(given, by.at))
        to = rules.readers(facts_of(child_id), str(by.role_id), by.at)
        people = (one.partition("/")[2] for one in to if one.startswith("RelatedPerson/"))
        between += [str(by.role_id), *people]
        ident = new_id()
        child = f"Patient/{patient_of(child_id)}"
        write(by, mapping.administration(str(ident), given, child=child, by=author_of(by), to=to))
    return ident
