"""Run in a process of its own by `test_commands`: a log of a thousand lines is written (`write`) or only checked
(`check`), cut into ranges so small that several processes check it.

python -m tests.integration.audit.on_several_cores STEP FOLDER
"""

import sys
from pathlib import Path

from barnetsbog.commands.instance import open_instance


def main(step: str, folder: Path) -> None:
    open_instance(folder)
    from bench import log

    from barnetsbog.audit import verifying

    verifying.RANGE, verifying.WORTH_A_PROCESS = 64, 1
    if step == "write":
        log.CHUNK = 100
        log.write(1000)
    verdict = verifying.verify(jobs=2)
    print(verdict.size, verdict.checkpoints, verdict.damage and (str(verdict.damage.kind), verdict.damage.seq))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
