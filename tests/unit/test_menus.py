"""The menus: everything that somebody may is there once, and little enough stays in sight on a telephone."""

from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.roles import roles
from barnetsbog.portal.family.menu import of_family
from barnetsbog.portal.me import Me
from barnetsbog.portal.menus import FEW, Menu, of_child, of_staff

ACTS = sorted({act for role in roles().values() for act in role.may})
MAY = st.frozensets(st.sampled_from(ACTS))
FAMILY = st.builds(
    lambda may, who: Me("", "", "", True, who in ("child", "young"), may, young=who == "young", carer=who == "carer"),
    MAY, st.sampled_from(["parent", "carer", "child", "young"]),
)  # fmt: skip
STAFF = st.builds(lambda may, works: Me("", "", "", False, False, may, works), MAY, st.booleans())


def everything(menu: Menu) -> list[str]:
    return [one.to for one in (*menu.first, *menu.more)]


@given(FAMILY)
def test_a_family_finds_each_page_once_and_the_log_in_sight(me: Me) -> None:
    menu = of_family(me)
    there = everything(menu)
    assert len(set(there)) == len(there) and len(menu.first) <= 8 and there[0] == "family-front"
    assert {"family-appointments", "family-plan", "family-people", "family-letters"} <= set(there)
    wanted = {"answer": {"family-consent", "family-messages"}, "choose": {"family-forms"}, "own-log": {"family-seen"}}
    for act, pages in wanted.items():
        assert (pages <= set(there)) is (act in me.may) is not pages.isdisjoint(there)
    assert ("family-seen" in [one.to for one in menu.first]) is ("own-log" in me.may)
    assert ("family-own" in there) is me.is_child and ("family-medicine" in there) is me.carer
    assert ("family-book" in there) is ("read-book" in me.may and "answer" not in me.may)


@given(STAFF)
def test_a_professional_finds_what_they_may(me: Me) -> None:
    menu = of_staff(me)
    there = everything(menu)
    wanted = {"find": "find", "letter": "printing", "ball": "team", "audit": "oversight", "count": "statistics",
              "administer": "administration", "review": "glass-queue"}  # fmt: skip
    assert {page for act, page in wanted.items() if act in me.may} == set(there) & set(wanted.values())
    assert ("work-list" in there) is me.works_with_children is ("packs" in there)
    assert menu.more == [] or len(there) > FEW
    assert ("pack-make" in everything(of_child(me.may))) is bool({"pack", "approve-pack"} & me.may)
