"""What SMART scopes allow: always less than, or as much as, what the client is registered with and its role may do."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.roles import roles
from barnetsbog.clients.calling import cap_of
from barnetsbog.clients.model import Sort
from barnetsbog.clients.permissions import (
    GIVES_RIGHTS,
    LOG,
    Cap,
    about_one_child,
    allowed,
    granted,
    permissions,
    renewable,
)
from barnetsbog.record.entries import DIRECTORY_TYPES

SYSTEM, APP = Sort.SYSTEM, Sort.APP
ALL = "system/*.cruds"


@pytest.mark.parametrize(("text", "read"), [
    ("system/Observation.rs", "system/Observation.rs"), ("user/*.cruds", "user/*.cruds"),
    ("patient/Condition.read", "patient/Condition.rs"), ("system/Task.write", "system/Task.cud"), ("user/Goal.*", "user/Goal.cruds"),
    ("system/Observation.sr", ""), ("system/Observation.", ""), ("system/Observation", ""), ("system/observation.rs", ""),
    ("System/Observation.rs", ""), ("launch/patient", ""), ("system/Observation.rs?category=x", ""), ("system/../x.rs", ""),
    ("system/Observation.rs\n", ""), ("system/*.*", "system/*.cruds"), ("", ""), ("other/Observation.rs", ""),
])  # fmt: skip
def test_a_scope_is_read_as_the_standard_says_and_else_not_at_all(text: str, read: str) -> None:
    assert " ".join(one.text for one in permissions(text)) == read


@pytest.mark.parametrize(("asked", "registered", "had"), [
    ("system/*.rs", "system/Observation.rs system/Goal.cruds", "system/Observation.rs system/Goal.rs"),
    ("system/Observation.cruds", "system/*.rs", "system/Observation.rs"),
    ("system/Observation.r system/Observation.s", "system/*.rs", "system/Observation.rs"),
    ("system/Observation.rs", "system/Goal.rs", ""), ("user/Observation.rs", "system/*.rs", ""),
    ("user/Observation.rs", "user/*.rs", ""), ("system/Observation.cud", "system/Observation.rs", ""),
    ("launch/patient offline_access", "system/*.rs launch/patient offline_access", ""),
])  # fmt: skip
def test_a_system_gets_what_it_asks_for_within_what_it_was_registered_with(
    asked: str, registered: str, had: str
) -> None:
    assert granted(asked, registered, SYSTEM) == had


def test_an_app_may_ask_for_one_child_and_to_stay_when_it_was_registered_with_that() -> None:
    registered = "patient/*.rs launch/patient offline_access"
    assert granted("patient/Goal.rs launch/patient offline_access", registered, APP) == (
        "patient/Goal.rs launch/patient offline_access"
    )
    assert granted("patient/Goal.rs online_access", registered, APP) == "patient/Goal.rs"
    assert granted("launch/patient", registered, APP) == ""
    assert about_one_child("patient/Goal.rs") and about_one_child("user/*.rs launch/patient")
    assert not about_one_child("user/*.rs offline_access")
    assert renewable("user/*.rs online_access") and not renewable("user/*.rs launch/patient")


def test_what_is_granted_is_granted_again() -> None:
    once = granted("system/*.read", "system/Goal.cruds system/*.s", SYSTEM)
    assert granted(once, "system/Goal.cruds system/*.s", SYSTEM) == once


KINDS = ["*", "Observation", "Goal", "Patient", "Consent", "Organization", "AuditEvent", "Nothing"]
SCOPES = st.lists(
    st.builds(
        "{}/{}.{}".format, st.sampled_from(["system", "user", "patient"]), st.sampled_from(KINDS),
        st.sampled_from(["rs", "cruds", "r", "s", "c", "cud", "read", "write", "*", "d", "rubbish"]),
    ),
    max_size=5,
).map(" ".join)  # fmt: skip
ANYTHING = st.one_of(SCOPES, st.text(max_size=60))


def pairs(scopes: str) -> set[tuple[str, str]]:
    """Every act on every type that a text of scopes speaks of, read without the code under test."""
    found = set()
    for one in scopes.split(" "):
        _, _, rest = one.partition("/")
        kind, _, acts = rest.partition(".")
        acts = {"read": "rs", "write": "cud", "*": "cruds"}.get(acts, acts)
        if acts and not acts.strip("cruds"):
            found |= set(product(KINDS if kind == "*" else [kind], acts))
    return found


@given(ANYTHING, ANYTHING, st.sampled_from(sorted(roles())), st.sampled_from(Sort))
def test_a_token_never_allows_more_than_was_asked_for_registered_and_in_the_role(
    asked: str, registered: str, role: str, sort: Sort
) -> None:
    cap = cap_of(role)
    token = granted(asked, registered, sort, cap)
    may = allowed(token, registered, sort, cap)
    for kind, act in product(KINDS[1:], "cruds"):
        if may.may(kind, act):
            assert (kind, act) in pairs(asked) & pairs(registered)
            assert cap.allows(kind, act)
        if may.may(kind, act) and act in "cud":
            assert "write" in roles()[role].may


@given(ANYTHING, ANYTHING, ANYTHING)
def test_asking_for_more_gives_nothing_outside_what_was_registered(asked: str, more: str, registered: str) -> None:
    cap = cap_of("system")
    both = allowed(granted(f"{asked} {more}", registered, SYSTEM, cap), registered, SYSTEM, cap)
    most = allowed(registered, registered, SYSTEM, cap)
    assert all(most.may(kind, act) for kind, act in product(KINDS[1:], "cruds") if both.may(kind, act))


def may(role: str, kind: str, act: str) -> bool:
    return cap_of(role).allows(kind, act)


def test_what_each_role_can_do_over_the_interface_whatever_its_token_says() -> None:
    assert may("system", "Observation", "c") and may("system", "Observation", "r")
    assert not any(may("system", kind, act) for kind in GIVES_RIGHTS | DIRECTORY_TYPES for act in "cud")
    assert all(may("master_data", kind, act) for kind in GIVES_RIGHTS | DIRECTORY_TYPES for act in "cruds")
    assert not any(may(role, LOG, act) for role in roles() for act in "cud")
    assert {role for role in roles() if may(role, LOG, "r")} == {"dpo", "log_reader", "holder", "child"}
    assert not may("log_reader", "Observation", "r") and may("log_reader", "PractitionerRole", "r")
    assert may("psychologist", "Observation", "c") and not may("psychologist", "Patient", "u")
    assert not any(may(role, "Observation", act) for role in ("holder", "child", "manager", "dpo") for act in "cud")


def test_an_app_is_told_only_when_it_asked_for_that_by_its_name_and_ends_it_itself() -> None:
    named = "patient/*.rs patient/Subscription.cruds"
    family = cap_of("holder")
    assert granted(named, named, APP, family) == named
    assert all(allowed(named, named, APP, family).may("Subscription", act) for act in "cruds")
    for registered in ("patient/*.cruds", named):
        token = granted("patient/*.cruds", registered, APP, family)
        assert not any(allowed(token, registered, APP, family).may("Subscription", act) for act in "cruds")
    assert allowed("system/*.cruds", "system/*.cruds", SYSTEM, cap_of("system")).may("Subscription", "c")
    assert not any(may(role, "Subscription", act) for role in ("dpo", "log_reader", "administrator") for act in "cruds")


def test_an_app_takes_nothing_out_of_use() -> None:
    everything = "user/*.cruds patient/*.write"
    assert granted(everything, everything, APP, cap_of("psychologist")) == "user/*.crus patient/*.cu"
    assert granted("user/Observation.d", everything, APP) == ""


def test_a_role_that_nobody_has_described_can_do_nothing() -> None:
    assert not any(allowed(ALL, ALL, SYSTEM, Cap(frozenset(), False)).may("Observation", act) for act in "cruds")
