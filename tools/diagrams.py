"""Writes the diagram of the ball in `docs/ball.md` from the table in the code; `--check` says whether it differs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from barnetsbog.responsibility.model import Part
from barnetsbog.responsibility.rules import TABLE

FILE = Path(__file__).parents[1] / "docs/ball.md"
BEGIN, END = "<!-- made by tools/diagrams.py -->", "<!-- end -->"
_WHO = {
    Part.HOLDER: "the holder", Part.STAND_IN: "who stands in for the holder", Part.OFFERED: "who is asked",
    Part.OPENER: "who opened or offered it", Part.LEADER: "the leader of the unit",
    Part.FINDER: "anybody, if none took over a closed unit", Part.ANYBODY: "anybody",
}  # fmt: skip


def drawn() -> str:
    """The table as a diagram, and as a table for those who cannot see it."""
    opened = {"nobody": "open", "new": "open, offered", "held": "open, kept"}
    lines = ["```mermaid", "stateDiagram-v2", *(f"  [*] --> {to}: {how}" for to, how in opened.items())]
    lines += [f"  {at} --> {step.to}: {move}" for (at, move), step in TABLE.items()]
    lines += ["```", "", "| from | move | to | by | a reason |", "|---|---|---|---|---|"]
    for (at, move), step in TABLE.items():
        who = ", ".join(_WHO[part] for part in Part if part in step.who)
        lines.append(f"| {at} | {move} | {step.to} | {who} | {'yes' if step.reason else ''} |")
    return "\n".join(lines)


def main() -> int:
    text = FILE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    wanted = f"{before}{BEGIN}\n{drawn()}\n{END}{after}"
    if "--check" in sys.argv:
        return int(text != wanted)
    FILE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
