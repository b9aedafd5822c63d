"""What parties, kinds of answers and conditions are called on the pages of the catalogue."""

from django.utils.translation import gettext_lazy as _

from barnetsbog.forms.local import Sort
from barnetsbog.forms.model import Kind, Party
from barnetsbog.forms.pretending import CHILD, HOLDER

from .words import Word

PARTIES: dict[Party, Word] = {
    Party.SCHOOL: _("Skole"), Party.DAYCARE: _("Dagtilbud"), Party.PPR: _("PPR"),
    Party.FAMILY_DEPT: _("Familieafdelingen"), Party.GP: _("Egen læge"), Party.BUP: _("BUP"),
    Party.LTT: _("Det lettilgængelige tilbud"), Party.HEALTH: _("Sundhedspersonale"),
    Party.PLACEMENT: _("Anbringelsessted"), Party.CLUB: _("Klub"), Party.PARENT: _("Forældre"),
    Party.CHILD: _("Barnet"), Party.ANYBODY: _("Enhver fagperson"),
}  # fmt: skip

RECEIVERS: dict[str, Word] = {
    "school": _("Skole og dagtilbud"), "ppr": _("PPR"), "health_visitor": _("Sundhedsplejen"), "gp": _("Egen læge"),
    "bup": _("BUP"), "ltt": _("Det lettilgængelige tilbud"), "family_dept": _("Familieafdelingen"),
    "board": _("Visitationsudvalget"), "samraad": _("Samrådet"), "parent": _("Forældrene"), "child": _("Barnet"),
    "other": _("Andre"),
}  # fmt: skip
"""The words of `forms.files.RECEIVERS`."""

ROLES: dict[str, Word] = {
    HOLDER: PARTIES[Party.PARENT], CHILD: PARTIES[Party.CHILD], "school": _("Skole eller dagtilbud"), "ppr": _("PPR"),
    "family_dept": _("Familieafdelingen"), "gp": _("Egen læge"), "bup": _("BUP"),
    "ltt": _("Det lettilgængelige tilbud"), "health_visitor": _("Sundhedsplejen"), "hospital": _("Sygehus"),
    "other": _("Anbringelsessted"),
}  # fmt: skip
"""As whom a form can be looked at (`forms.pretending`)."""

KINDS: dict[Kind, Word] = {
    Kind.LINE: _("En linje"), Kind.WORDS: _("Flere linjer"), Kind.NUMBER: _("Helt tal"),
    Kind.DECIMAL: _("Tal med komma"),
    Kind.DATE: _("Dato"), Kind.YES_NO: _("Ja eller nej"), Kind.CHOICE: _("Et af flere svar"),
    Kind.CHOICES: _("Flere af flere svar"), Kind.CPR: _("CPR-nummer"), Kind.PHONE: _("Telefon"),
    Kind.POSTCODE: _("Postnummer"), Kind.EMAIL: _("Mail"), Kind.FILE: _("Fil"), Kind.GROUP: _("Gruppe"),
    Kind.SHOWN: _("Tekst at læse"),
}  # fmt: skip

OPS: dict[str, Word] = {
    "er": _("er"), "er ikke": _("er ikke"), "over": _("er over"), "under": _("er under"),
    "besvaret": _("er besvaret"), "ubesvaret": _("er ikke besvaret"),
}  # fmt: skip
"""The words of `forms.editing.OPS`."""

SORTS: dict[Sort, Word] = {
    Sort.QUESTION: _("Fælles spørgsmål"), Sort.SECTION: _("Fælles afsnit"), Sort.LIST: _("Svarliste"),
    Sort.FAMILY: _("Familie"), Sort.FORM: _("Skema"),
}  # fmt: skip
