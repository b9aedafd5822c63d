"""In the book: what is delivered is the entry that whoever carries it out writes, addressed to its receiver."""

from uuid import UUID

from ...model import Parcel


class InApp:
    """The entry and its right to be read are written in the transaction that delivers, so there is no more to do."""

    def deliver(self, parcel: Parcel) -> None:
        pass

    def recall(self, key: UUID) -> None:
        pass
