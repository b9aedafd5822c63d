"""What pages need of a person."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Contact:
    """A professional, a relative or the child, by name. `unit` and `sector` are empty for the family."""

    id: UUID
    name: str
    title: str = ""
    unit: str = ""
    sector: str = "family"
    phone: str = ""

    @property
    def line(self) -> str:
        """How a list names them: `Kim Demosen, PPR Eksempelby`."""
        return ", ".join(part for part in (self.name, self.unit or self.title) if part)


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody who has a task with the child now."""

    unit: str
    sector: str
    phone: str
    task: str
    people: tuple[Contact, ...]
