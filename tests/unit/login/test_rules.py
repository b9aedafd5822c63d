"""What is made of what a provider says."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.roles import roles
from barnetsbog.login import privileges, rules
from barnetsbog.login.model import (
    HOUR,
    MINUTE,
    Audience,
    Choice,
    ClaimNames,
    Identity,
    Job,
    Limits,
    LoginRefused,
    Oidc,
    PrivilegeGroup,
    Provider,
    Reason,
    Said,
    Session,
)
from barnetsbog.record.scope import LoginLevel

NAMES = ClaimNames("cpr", "cpr_uuid", "professional_uuid", "privileges", "loa")
OIDC = Oidc("https://op.example", "bog", "", None, ("openid",), (), False)
KIM = UUID(int=1)
UNIT = "6a5e0d3c-6f0e-4b11-9a55-3c9f00000009"
PSYCHOLOGIST = roles()["psychologist"].privilege
PRIVILEGE_OF = {code: one.privilege for code, one in roles().items()}
JOB = Job(KIM, "psychologist", frozenset({"12345678"}), frozenset({UNIT}))


def provider(audience: Audience = Audience.CITIZENS, **more: object) -> Provider:
    return Provider("mitid", "MitID", "MitID", audience, NAMES, OIDC, **more)  # type: ignore[arg-type]


def said(**values: str) -> Said:
    return Said("sub", values)


def group(scope: str, *named: str, **constraints: str) -> PrivilegeGroup:
    return PrivilegeGroup(scope, frozenset(named), tuple((name, frozenset({one})) for name, one in constraints.items()))


def listed(
    *groups: str, head: str = "bpp:PrivilegeList xmlns:bpp='http://digst.dk/oiosaml/basic_privilege_profile'"
) -> str:
    xml = f'<?xml version="1.0" encoding="UTF-8"?><{head}>{"".join(groups)}</{head.split()[0]}>'
    return base64.b64encode(xml.encode()).decode()


# -- the level ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Substantial", LoginLevel.SUBSTANTIAL), ("High", LoginLevel.HIGH), ("Low", LoginLevel.LOW),
        ("https://data.gov.dk/concept/core/nsis/Substantial", LoginLevel.SUBSTANTIAL),
        ("https://data.gov.dk/concept/core/nsis/loa/High", LoginLevel.HIGH),
        ("Betydelig", LoginLevel.SUBSTANTIAL), ("", LoginLevel.LOW), ("4", LoginLevel.LOW), ("Substantially", LoginLevel.LOW),
        ("https://evil.example/concept/core/nsis/Substantial", LoginLevel.LOW),
        ("https://data.gov.dk/concept/core/nsis/Substantial/x", LoginLevel.LOW),
    ],
)  # fmt: skip
def test_the_level_is_read_and_what_is_not_one_is_low(text: str, level: LoginLevel) -> None:
    assert rules.level_of(text) is level


@given(st.text())
def test_nothing_but_a_level_is_enough(text: str) -> None:
    words = ("substantial", "high", "betydelig", "høj")
    assert rules.is_enough(rules.level_of(text)) is False or text.strip().lower().endswith(words)


# -- who ---------------------------------------------------------------------------------------------------------------


def test_a_citizen_by_number_or_by_its_uuid() -> None:
    found = rules.identity(provider(), said(cpr="810388-9901", loa="Substantial"))
    assert (found.number, found.level) == ("8103889901", LoginLevel.SUBSTANTIAL)
    assert rules.identity(provider(), said(cpr_uuid=f"urn:uuid:{UNIT.upper()}")).number_id == UNIT


def test_a_provider_of_one_side_says_nothing_of_the_other() -> None:
    """MitID Erhverv knows somebody's CPR number too; it opens no child's book as a parent, and MitID no job."""
    everything = said(cpr="8103889901", professional_uuid=UNIT, privileges=listed(), loa="High")
    citizen, professional = (
        rules.identity(provider(), everything),
        rules.identity(provider(Audience.PROFESSIONALS), everything),
    )
    assert (citizen.number, citizen.professional) == ("8103889901", "")
    assert (professional.number, professional.number_id, professional.professional) == ("", "", UNIT)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"cpr": "12345"},
        {"cpr": "1' OR '1'='1"},
        {"cpr_uuid": "x"},
        {"cpr": "8103889901", "cpr_uuid": "x"},
        {"cpr": "٨١٠٣٨٨٩٩٠١"},
        {"cpr": "８１０３８８９９０１"},
    ],
)
def test_nobody_is_guessed_at(values: dict[str, str]) -> None:
    with pytest.raises(LoginRefused) as caught:
        rules.identity(provider(), said(**values))
    assert caught.value.reason is Reason.INVALID


@pytest.mark.parametrize(("number", "demo", "may"), [
    ("8103889901", True, True), ("8103889901", False, False), ("0101801234", True, False), ("0101801234", False, True),
    ("", True, True),
])  # fmt: skip
def test_invented_numbers_in_demonstrations_and_nowhere_else(number: str, demo: bool, may: bool) -> None:
    assert rules.may_be_here(number, demo=demo) is may


# -- privileges --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["digst.dk", "itst.dk"])
def test_a_list_of_privileges(owner: str) -> None:
    text = listed(
        '<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:12345678">'
        f'<Constraint Name="urn:dk:kombit:orgUnit">{UNIT}</Constraint><Privilege> a </Privilege><Privilege>b</Privilege>'
        "</PrivilegeGroup>",
        head=f"bpp:PrivilegeList xmlns:bpp='http://{owner}/oiosaml/basic_privilege_profile'",
    )
    (found,) = privileges.read(text)
    assert found.privileges == {"a", "b"} and found.scope.endswith("12345678")
    assert found.constraints == (("urn:dk:kombit:orgUnit", frozenset({UNIT})),)


@pytest.mark.parametrize("text", [
    "%%%", "bm90IHhtbA==", listed(head="other xmlns='x'"), "A" * 10,
    base64.b64encode(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>").decode(),
    base64.b64encode("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>".encode("utf-16")).decode(),
    base64.b64encode(b"<x>" + b"a" * 200_000 + b"</x>").decode(),
])  # fmt: skip
def test_a_list_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(LoginRefused):
        privileges.read(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(privileges.read(text), tuple)
    except LoginRefused as refused:
        assert refused.reason is Reason.INVALID


CVR = "urn:dk:gov:saml:cvrNumberIdentifier:"
ORG_UNIT = "urn:dk:kombit:orgUnit"


@pytest.mark.parametrize(
    ("groups", "may"),
    [
        ([group(f"{CVR}12345678", PSYCHOLOGIST)], True),
        ([group(f"urn:uuid:{UNIT}", PSYCHOLOGIST)], True),
        ([group(f"{CVR}12345678", PSYCHOLOGIST, **{ORG_UNIT: UNIT})], True),
        ([], False),
        ([group(f"{CVR}87654321", PSYCHOLOGIST)], False),
        ([group(f"{CVR}12345678", "http://another.example/roles/usersystemrole/psychologist/1")], False),
        ([group(f"{CVR}12345678", roles()["teacher"].privilege)], False),
        ([group(f"{CVR}12345678", PSYCHOLOGIST, **{ORG_UNIT: UNIT.replace("9", "8")})], False),
        ([group(f"{CVR}12345678", PSYCHOLOGIST, **{"urn:dk:kombit:KLE": "27.*"})], False),
        ([group("", PSYCHOLOGIST)], False),
        ([group("urn:dk:gov:saml:seNumberIdentifier:12345678", PSYCHOLOGIST)], False),
        ([group("x", "y"), group(f"{CVR}12345678", PSYCHOLOGIST)], True),
    ],
)
def test_in_which_job_somebody_may_act(groups: list[PrivilegeGroup], may: bool) -> None:
    asked = Identity("kombit", "sub", LoginLevel.HIGH, professional=UNIT, privileges=tuple(groups))
    found = rules.jobs(asked, provider(Audience.PROFESSIONALS), [JOB], PRIVILEGE_OF)
    assert found == ((Choice(KIM),) if may else ())


def test_a_constraint_that_the_municipality_has_left_out() -> None:
    asked = Identity(
        "k", "s", LoginLevel.HIGH, privileges=(group(f"{CVR}12345678", PSYCHOLOGIST, **{"urn:dk:kombit:KLE": "27.*"}),)
    )
    by = provider(Audience.PROFESSIONALS, constraints_left=frozenset({"urn:dk:kombit:KLE"}))
    assert rules.jobs(asked, by, [JOB], PRIVILEGE_OF) == (Choice(KIM),)


def test_a_role_that_nobody_has_described_has_no_privilege() -> None:
    odd = Job(KIM, "", frozenset({"12345678"}), frozenset())
    asked = Identity("k", "s", LoginLevel.HIGH, privileges=(group(f"{CVR}12345678", PSYCHOLOGIST, ""),))
    assert rules.jobs(asked, provider(Audience.PROFESSIONALS), [odd], PRIVILEGE_OF) == ()


def test_a_provider_speaks_for_its_own_organisations_only() -> None:
    nobody = Identity("k", "s", LoginLevel.HIGH)
    for cvr, found in (("12345678", (Choice(KIM),)), ("87654321", ())):
        by = provider(Audience.PROFESSIONALS, needs_privileges=False, organisations=frozenset({cvr}))
        assert rules.jobs(nobody, by, [JOB], PRIVILEGE_OF) == found


# -- how long ----------------------------------------------------------------------------------------------------------


def session(started: int, seen: int, ended: int | None = None) -> Session:
    return Session(KIM, "mitid", "who", KIM, None, LoginLevel.HIGH, started, seen, ended)


@pytest.mark.parametrize(
    ("started", "seen", "ended", "at", "holds"),
    [
        (0, 0, None, 30 * MINUTE - 1, True),
        (0, 0, None, 30 * MINUTE, False),
        (0, 10 * MINUTE, None, 40 * MINUTE - 1, True),
        (0, 8 * HOUR - MINUTE, None, 8 * HOUR - 1, True),
        (0, 8 * HOUR - MINUTE, None, 8 * HOUR, False),
        (0, 0, 5, 10, False),
        (10 * HOUR, 10 * HOUR, None, 9 * HOUR, False),
    ],
    ids=[
        "a moment before",
        "thirty minutes",
        "seen since",
        "still the same day",
        "the day is over",
        "ended",
        "put back",
    ],
)
def test_how_long_a_session_holds(started: int, seen: int, ended: int | None, at: int, holds: bool) -> None:
    assert rules.holds(session(started, seen, ended), Limits(), at) is holds
