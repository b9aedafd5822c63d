"""Takes what the pages need of Det Fælles Designsystem out of its npm package, so that running needs no node.

    npm pack dkfds@11.2.0 axe-core@4.14.1
    python tools/vendor_dkfds.py dkfds-11.2.0.tgz axe-core-4.14.1.tgz

The style sheet is kept as it is but for its fonts: only WOFF2, which every browser of today reads, and only the
weights that the pages use. The script is left out: the pages work without it, and it alone would cost half of the
page's budget. Letters on paper are set in the same font, of which typst reads TTF.
"""

import re
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "src" / "barnetsbog" / "portal" / "static" / "dkfds"
PAPER = ROOT / "src" / "barnetsbog" / "letters" / "paper" / "fonts"
TTF = "package/dist/fonts/IBMPlexSans/complete/ttf"
PRINTED = ("IBMPlexSans-Regular", "IBMPlexSans-Bold")
AXE = ROOT / "tests" / "journeys" / "vendor"
FACE = re.compile(r"@font-face\{[^}]*\}")
WOFF2 = re.compile(r"\.\./fonts/[^)\"']*?(IBMPlexSans-(?:Regular|Italic|Medium|SemiBold|Bold)\.woff2)")


def main(dkfds: str, axe: str) -> None:
    with tarfile.open(dkfds) as package:
        _style(package)
        _copy(package, "package/LICENSE.md", STATIC / "LICENSE.md")
        for weight in PRINTED:
            _copy(package, f"{TTF}/{weight}.ttf", PAPER / f"{weight}.ttf")
        _copy(package, f"{TTF}/license.txt", PAPER / "LICENSE.txt")
    with tarfile.open(axe) as package:
        _copy(package, "package/axe.min.js", AXE / "axe.min.js")
        _copy(package, "package/LICENSE", AXE / "LICENSE")


def _style(package: tarfile.TarFile) -> None:
    style = _read(package, "package/dist/css/dkfds.min.css").decode()
    fonts: dict[str, str] = {}

    def face(match: re.Match[str]) -> str:
        found = WOFF2.search(match[0])
        if not found:
            return ""
        fonts[found[1]] = found[0].replace("..", "package/dist", 1)
        return re.sub(r"src:.*\}", f'src:url(../fonts/{found[1]}) format("woff2")}}', match[0])

    style = re.sub(r"/\*# sourceMappingURL.*?\*/", "", FACE.sub(face, style))
    for name, member in fonts.items():
        _copy(package, member, STATIC / "fonts" / name)
    for image in sorted(set(re.findall(r"url\([\"']?\.\./(img/[^)\"']+)", style))):
        _copy(package, f"package/dist/{image}", STATIC / image)
    (STATIC / "css").mkdir(parents=True, exist_ok=True)
    (STATIC / "css" / "dkfds.min.css").write_text(style)


def _read(package: tarfile.TarFile, member: str) -> bytes:
    file = package.extractfile(member)
    if file is None:
        raise FileNotFoundError(member)
    return file.read()


def _copy(package: tarfile.TarFile, member: str, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(_read(package, member))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
