"""Systems that go by two addresses in Danish packages, and the one of them that is used here.

Sources: dk-core 3.7.0 against KL core 1.2.0 (ICPC-2) and FFB reporting 1.0.0 (organisations of KOMBIT's STS). Bytes
that were received are never changed for it: it is the question that is put the same way.
"""

_SAME = {
    "https://kiap.dk/koder/icpc-2-dk": "urn:oid:1.2.208.176.2.31",
    "https://www.kombit.dk/organisation": "https://kombit.dk/sts/organisation",
}


def normalised_system(system: str) -> str:
    """The address that a system of codes or identifiers goes by here."""
    return _SAME.get(system, system)


def addresses(system: str) -> tuple[str, ...]:
    """Every address of a system, the one that is used here first."""
    chosen = normalised_system(system)
    return (chosen, *(other for other, same in _SAME.items() if same == chosen))
