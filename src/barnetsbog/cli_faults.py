"""What a command says when the machine is in the way, and not the one who typed it: a disk that is full or can only be
read, a database that another program holds, that is broken or does not answer. A fault of the program is none of these
and keeps its traceback, for whoever mends it."""

import errno
import os
import sqlite3

_WHY = {
    errno.ENOENT: "den findes ikke",
    errno.EACCES: "der er ikke lov til det",
    errno.EPERM: "der er ikke lov til det",
    errno.EISDIR: "det er en mappe",
    errno.ENOTDIR: "en del af stien er ikke en mappe",
    errno.EEXIST: "den findes i forvejen",
    errno.ENOSPC: "disken er fuld",
    errno.EDQUOT: "der er ikke mere plads til denne konto",
    errno.EROFS: "disken kan kun læses",
    errno.EIO: "disken melder fejl",
    errno.ENAMETOOLONG: "navnet er for langt",
}

KEPT = "Det, der var gemt, er stadig gemt. Det sidste er ikke."
_SAID = {
    "disk is full": f"disken er fuld. {KEPT} Lav plads, og kør kommandoen igen.",
    "readonly database": "databasen kan kun læses. Intet er gemt. Giv kontoen lov til at skrive i mappen, og kør "
    "kommandoen igen.",
    "is locked": f"et andet program bruger databasen. {KEPT} Vent, til det er færdigt, og kør kommandoen igen.",
    "malformed": "databasen er i stykker. Stop serveren, tag en kopi af mappen, og læg en sikkerhedskopi tilbage.",
    "not a database": "databasen er i stykker, eller det er en anden fil. Læg en sikkerhedskopi tilbage.",
    "unable to open": "databasen kan ikke åbnes. Intet er gjort. Se efter, om mappen er der og må bruges.",
    "disk i/o error": f"disken er fuld eller melder fejl. {KEPT} Lav plads, og kør kommandoen igen.",
}
"""By what SQLite says."""


def why(error: OSError) -> str:
    """What was wrong with a file or a folder, in Danish where it has a word of ours."""
    return _WHY.get(error.errno or 0) or error.strerror or str(error)


def told(error: BaseException) -> str | None:
    """One sentence or two for whoever runs the machine: what happened, what is kept, what to do. None: it is no matter
    of the machine's."""
    if isinstance(error, OSError):
        return _of_a_file(error)
    from django.db import DatabaseError, IntegrityError, ProgrammingError

    if not isinstance(error, DatabaseError | sqlite3.Error) or isinstance(error, IntegrityError | ProgrammingError):
        return None
    text = str(error).strip()
    for sign, said in _SAID.items():
        if sign in text.lower():
            return said
    return _of_a_server(text) if type(error.__cause__).__module__.startswith("psycopg") else None


def _of_a_file(error: OSError) -> str | None:
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)} kan ikke bruges: {why(error)}."
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
        return f"{why(error)}. {KEPT} Ret det, og kør kommandoen igen."
    return None


def _of_a_server(text: str) -> str:
    return f"databasen svarer ikke, som den skal: {text.splitlines()[0]}. {KEPT} Ret det, og kør kommandoen igen."
