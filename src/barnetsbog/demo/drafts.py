"""Forms that somebody in a story has begun and not sent: begun and saved as they would do it themselves, so that they
are filled with what the book knows, on the demonstration's day."""

from uuid import UUID

from barnetsbog.access.reading import whose
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.forms import operations as forms
from barnetsbog.kernel.ids import derived_id
from barnetsbog.record.instance import id_key
from barnetsbog.record.scope import LoginLevel, Scope

from .mapping.frame import Frame
from .model import Draft

LEVEL = LoginLevel.SUBSTANTIAL


def begin(frame: Frame, source: str) -> None:
    """What is begun in one story. `source`: where the demonstration's entries come from."""
    patient = _ident(source, frame.child["reference"])
    child_id = whose([patient])[patient]
    for draft in frame.story.drafts:
        by = _scope(frame, draft, source, child_id)
        ident = forms.begin(by=by, child_id=child_id, form_id=draft.form)
        forms.save(by=by, child_id=child_id, ident=ident, version=1, said=draft.answers, kept={})


def _scope(frame: Frame, draft: Draft, source: str, child_id: UUID) -> Scope:
    writer = _ident(source, frame.refer(draft.by)["reference"])
    professional = frame.professional(draft.by)
    found = scope_for(writer, level=LEVEL) if professional else scope_for_person(writer, child_id, level=LEVEL)
    if found is None:
        raise RuntimeError(f"{draft.where}: {draft.by} har ingen ret i bogen")
    return found


def _ident(source: str, reference: str) -> UUID:
    return derived_id(id_key(), source, reference)
