"""FHIR packages: read from their archives, kept compactly in an instance's folder, and looked up by canonical address.

`archive` reads what others wrote and trusts nothing in it; `storing` keeps one file a package; a `Library` is what is
loaded, several versions side by side.
"""

from barnetsbog.fhir.packages.archive import read_package
from barnetsbog.fhir.packages.library import Definition, Library
from barnetsbog.fhir.packages.model import Package, PackageError
from barnetsbog.fhir.packages.storing import add_package, gate, gated, open_library

__all__ = [
    "Definition",
    "Library",
    "Package",
    "PackageError",
    "add_package",
    "gate",
    "gated",
    "open_library",
    "read_package",
]
