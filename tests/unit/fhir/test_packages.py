"""Packages: what is read, what is refused, and what is kept."""

import gzip
import io
import multiprocessing
import os
import shutil
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

from barnetsbog.fhir.packages import (
    Library,
    Package,
    PackageError,
    add_package,
    gate,
    gated,
    open_library,
    read_package,
)
from barnetsbog.fhir.packages import archive as reading
from barnetsbog.fhir.packages.storing import FOLDER
from barnetsbog.fhir.profiling import Profiles
from tests.builders import patient
from tests.packages import DESCRIPTION, HERE, archive, code_system, concept, el, package, profile, sd, value_set

Json = dict[str, Any]
PATIENT = profile("Patient", el("name", 1))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def honest(path: Path, **more: Any) -> Path:
    named = profile(
        "Patient", el("name", 1), text={"status": "generated", "div": "<div/>"}, differential={"element": []}
    )
    members = {
        "package/package.json": DESCRIPTION | more, "package/StructureDefinition-p.json": named,
        "package/ValueSet-v.json": value_set("v", {"system": "urn:s"}), "package/.index.json": {"files": []},
        "package/ImplementationGuide-x.json": {"resourceType": "ImplementationGuide", "url": "urn:ig"},
        "package/example/Patient-x.json": b"{", "package/other/x.sch": b"<x/>",
    }  # fmt: skip
    return archive(path, members)


def test_a_package_is_read_without_what_is_only_for_reading(tmp_path: Path) -> None:
    found = read_package(honest(tmp_path / "x.tgz", dependencies={"x.base": "2.0.0"}))
    assert (found.key, found.dependencies) == ("x.test#1.0.0", {"x.base": "2.0.0"})
    assert [one["resourceType"] for one in found.resources] == ["StructureDefinition", "ValueSet"]
    assert "text" not in found.resources[0] and "differential" not in found.resources[0]


def test_a_folder_that_a_package_was_unpacked_into_is_one_too(tmp_path: Path) -> None:
    shutil.unpack_archive(honest(tmp_path / "x.tgz"), tmp_path / "x", "gztar")
    assert read_package(tmp_path / "x") == read_package(tmp_path / "x.tgz")
    (tmp_path / "x" / "package" / "package.json").unlink()
    with pytest.raises(PackageError, match=r"x: der er ingen package/package\.json"):
        read_package(tmp_path / "x")
    assert read_package(tmp_path / "x", "y.codes#2.1.0").key == "y.codes#2.1.0"


def link(name: str, kind: bytes, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def sized(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    return info


SOUND: dict[str, bytes | Json] = {"package/package.json": DESCRIPTION, "package/StructureDefinition-p.json": PATIENT}
HOSTILE: list[tuple[str, dict[str, bytes | Json], list[tarfile.TarInfo], str]] = [
    ("out of the archive", {**SOUND, "../../etc/x.json": b"{}"}, [], "../../etc/x.json peger uden for arkivet"),
    ("an absolute path", {**SOUND, "/etc/x.json": b"{}"}, [], "/etc/x.json peger uden for arkivet"),
    ("a path of Windows", {**SOUND, "package\\..\\x.json": b"{}"}, [], "peger uden for arkivet"),
    ("a symbolic link", SOUND, [link("package/x.json", tarfile.SYMTYPE, "/etc/passwd")], "package/x.json er hverken"),
    ("a hard link", SOUND, [link("package/x.json", tarfile.LNKTYPE, "/etc/passwd")], "package/x.json er hverken"),
    ("a device", SOUND, [link("package/x.json", tarfile.CHRTYPE, "")], "package/x.json er hverken"),
    ("a file twice", SOUND, [tarfile.TarInfo("package/./package.json")], "står to gange"),
    ("bad JSON", {**SOUND, "package/ValueSet-x.json": b'{"a": '}, [], "ValueSet-x.json er ikke gyldig JSON"),
    ("JSON without an end", {**SOUND, "package/ValueSet-x.json": b"[" * 100_000}, [], "ValueSet-x.json er ikke gyldig JSON"),
    ("no package.json", {"package/ValueSet-x.json": b"{}"}, [], "der er ingen package/package.json"),
    ("package.json of another kind", {"package/package.json": b"[]"}, [], "package.json er ikke et JSON-objekt"),
    ("no name", {"package/package.json": {"version": "1", "fhirVersions": ["4.0.1"]}}, [], "intet brugbart felt »name«"),
    ("a name that is a path", {"package/package.json": DESCRIPTION | {"name": "../x"}}, [], "intet brugbart felt »name«"),
    ("another FHIR", {"package/package.json": DESCRIPTION | {"fhirVersions": ["5.0.0"]}}, [], "ikke til FHIR 4.0.1"),
    ("dependencies of another kind", {"package/package.json": DESCRIPTION | {"dependencies": [1]}}, [], "dependencies"),
]  # fmt: skip


@pytest.mark.parametrize(("members", "extra", "told"), [one[1:] for one in HOSTILE], ids=[one[0] for one in HOSTILE])
def test_an_archive_that_is_made_to_hurt_is_refused_and_the_file_is_named(
    tmp_path: Path, members: dict[str, bytes | Json], extra: list[tarfile.TarInfo], told: str
) -> None:
    path = archive(tmp_path / "ond.tgz", members, *extra)
    with pytest.raises(PackageError, match=r"^ond\.tgz: ") as refused:
        read_package(path)
    assert told in str(refused.value)
    assert names(tmp_path) == ["ond.tgz"]


def test_an_archive_that_is_much_bigger_unpacked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_TOTAL", 1 << 20)
    bomb = archive(tmp_path / "bombe.tgz", {**SOUND, "package/other/nul.bin": b"\0" * (4 << 20)})
    assert bomb.stat().st_size < 20_000
    with pytest.raises(PackageError, match=r"bombe\.tgz: fylder mere end 1 MB"):
        read_package(bomb)
    monkeypatch.setattr(reading, "MAX_FILE", 1 << 10)
    with pytest.raises(PackageError, match=r"package/other/nul\.bin er større"):
        read_package(bomb)
    monkeypatch.setattr(reading, "MAX_MEMBERS", 1)
    with pytest.raises(PackageError, match="mere end 1 filer"):
        read_package(honest(tmp_path / "mange.tgz"))


def test_an_archive_is_read_to_its_checksum(tmp_path: Path) -> None:
    whole = honest(tmp_path / "x.tgz").read_bytes()
    for spoilt in (whole[:-8] + bytes(4) + whole[-4:], whole[:-4], whole + b"mere"):
        (tmp_path / "x.tgz").write_bytes(spoilt)
        with pytest.raises(PackageError, match="er ikke et helt og gyldigt arkiv"):
            read_package(tmp_path / "x.tgz")


@pytest.mark.parametrize("elements", [None, [], {"element": None}, {"element": [None, "x", {"id": "Patient"}]}])
def test_a_definition_that_is_not_made_as_the_standard_has_it_is_kept_for_what_it_is(
    tmp_path: Path, elements: Any
) -> None:
    odd = {"resourceType": "StructureDefinition", "url": sd("p"), "type": "Patient", "snapshot": elements}
    read = read_package(archive(tmp_path / "x.tgz", SOUND | {"package/StructureDefinition-p.json": odd}))
    assert [one["url"] for one in read.resources] == [sd("p")]
    assert all(issue.severity == "warning" for issue in Profiles(Library.of(read)).check(patient(), [sd("p")]))


@pytest.mark.parametrize("cut", [0, 10, 200, -20])
def test_what_is_no_whole_archive_is_refused(tmp_path: Path, cut: int) -> None:
    whole = honest(tmp_path / "x.tgz").read_bytes()
    (tmp_path / "x.tgz").write_bytes(whole[:cut])
    with pytest.raises(PackageError, match=r"x\.tgz"):
        read_package(tmp_path / "x.tgz")
    (tmp_path / "x.tgz").write_bytes(gzip.compress(b"ikke et arkiv" * 100))
    with pytest.raises(PackageError, match=r"x\.tgz"):
        read_package(tmp_path / "x.tgz")
    with pytest.raises(PackageError, match=r"y\.tgz: kan ikke læses"):
        read_package(tmp_path / "y.tgz")


# -- keeping ---------------------------------------------------------------------------------------------------------


def test_twice_is_once_and_another_content_is_refused_unless_it_is_meant(tmp_path: Path) -> None:
    assert add_package(package(PATIENT), tmp_path) == "added"
    kept = (tmp_path / FOLDER / "x.test#1.0.0.fhir").read_bytes()
    assert add_package(package(PATIENT), tmp_path) == "unchanged"
    with pytest.raises(PackageError, match="med et andet indhold"):
        add_package(package(), tmp_path)
    assert (tmp_path / FOLDER / "x.test#1.0.0.fhir").read_bytes() == kept
    library = open_library(tmp_path)
    assert add_package(package(), tmp_path, replace=True) == "replaced"
    assert names(tmp_path / FOLDER) == ["x.test#1.0.0.fhir"]
    found = library.find("StructureDefinition", sd("p"))
    assert found and found.content == PATIENT  # who had opened it reads on in what was there
    assert open_library(tmp_path).find("StructureDefinition", sd("p")) is None


def test_nothing_is_left_when_the_writing_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        add_package(package(PATIENT), tmp_path)
    assert names(tmp_path / FOLDER) == [] and names(tmp_path / FOLDER.parent) == ["packages"]


def test_a_package_whose_file_is_spoilt_is_named(tmp_path: Path) -> None:
    add_package(package(PATIENT), tmp_path)
    (tmp_path / FOLDER / "x.test#1.0.0.fhir").write_bytes(b"nonsens")
    with pytest.raises(PackageError, match=r"x\.test#1\.0\.0\.fhir i instansens mappe kan ikke læses"):
        open_library(tmp_path)


def test_a_package_gates_when_somebody_says_so(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="ikke indlæst"):
        gate("x.test#1.0.0", tmp_path, shut=True)
    add_package(package(PATIENT), tmp_path)
    assert gated(tmp_path) == frozenset()
    gate("x.test#1.0.0", tmp_path, shut=True)
    assert gated(tmp_path) == {"x.test#1.0.0"}
    gate("x.test#1.0.0", tmp_path, shut=False)
    assert gated(tmp_path) == frozenset()


def test_no_gate_is_lost_when_several_are_shut_at_once(tmp_path: Path) -> None:
    """Each waits for the other, as two processes do."""
    keys = [f"x.test#1.{number}.0" for number in range(40)]
    (tmp_path / FOLDER).mkdir(parents=True)
    for key in keys:
        (tmp_path / FOLDER / f"{key}.fhir").touch()
    fork = multiprocessing.get_context("fork")
    some = [fork.Process(target=_shut, args=(keys[begin::4], tmp_path)) for begin in range(4)]
    for one in some:
        one.start()
    for one in some:
        one.join()
    assert gated(tmp_path) == set(keys)


def _shut(keys: list[str], data: Path) -> None:
    for key in keys:
        gate(key, data, shut=True)


def test_opening_reads_no_definition(tmp_path: Path) -> None:
    """Two hundred code systems of five hundred codes are there at once."""
    codes = [code_system(f"urn:s{n}", *(concept(str(c)) for c in range(500))) for n in range(200)]
    add_package(package(*codes), tmp_path)
    began = time.process_time()
    library = open_library(tmp_path)
    assert time.process_time() - began < 0.1
    found = library.find("CodeSystem", "urn:s7")
    assert found and len(found.content["concept"]) == 500


# -- looking up ------------------------------------------------------------------------------------------------------


def versions(*found: str, name: str = "x.base") -> list[Package]:
    return [package(PATIENT | {"version": one}, name=name, version=one) for one in found]


@pytest.mark.parametrize(
    ("needs", "address", "found"),
    [
        ("", sd("p"), "2.0.0"),
        ("", f"{sd('p')}|1.1.0", "1.1.0"),
        ("", f"{sd('p')}|1", "1.2.0-draft"),
        ("", f"{sd('p')}|9.9.9", None),
        ("1.1.0", sd("p"), "1.1.0"),
        ("1.1.0", f"{sd('p')}|2.0.0", "2.0.0"),
        ("1.0.5", sd("p"), "1.1.0"),
        ("9.0.0", sd("p"), "2.0.0"),
        ("0.1.0", sd("p"), "1.0.0"),
    ],
)
def test_an_address_is_read_from_within_the_package_that_says_it(needs: str, address: str, found: str | None) -> None:
    mine = package(x_base=needs) if needs else package()
    library = Library.of(mine, *versions("1.0.0", "2.0.0", "1.1.0", "1.2.0-draft"))
    within = next(one for one in library.packages if one.name == "x.test")
    definition = library.find("StructureDefinition", address, within)
    assert (definition.package.version if definition else None) == found


def test_a_package_reads_its_own_definitions_first() -> None:
    library = Library.of(package(PATIENT), *versions("9.0.0"))
    within = next(one for one in library.packages if one.name == "x.test")
    found = library.find("StructureDefinition", sd("p"), within)
    assert found and found.package is within


def test_what_a_package_builds_on_and_is_not_there_is_told() -> None:
    library = Library.of(package(x_base="1.0.0", hl7_fhir_r4_core="4.0.1"), *versions("1.1.0"))
    assert library.lacking() == {"x.test#1.0.0": ["x.base#1.0.0"]}
    assert Library.of(*versions("1.1.0")).lacking() == {}
    assert not Library() and HERE


def test_a_tar_header_that_says_more_than_there_is_does_no_harm(tmp_path: Path) -> None:
    """A member whose stated size is larger than the file."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as made:
        made.addfile(sized("package/package.json", 10), io.BytesIO(b"{}        "))
    content = raw.getvalue().replace(b"00000000012", b"00000001000", 1)
    (tmp_path / "x.tgz").write_bytes(gzip.compress(content[:600]))
    with pytest.raises(PackageError, match=r"x\.tgz"):
        read_package(tmp_path / "x.tgz")
