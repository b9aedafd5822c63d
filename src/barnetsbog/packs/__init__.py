"""Meeting packs: named entries pushed to named units for one meeting (SSD), or to the police and others in preventive
work (SSP), where a statute makes consent unnecessary.

A pack is an entry like any other (a FHIR List). It opens no book: what is in it is read on a page of its own, until the
day of the meeting is over. `rules` says which packs count; rights follow from them in `access.deriving`.
"""
