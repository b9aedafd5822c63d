"""Somebody whom a child, a young person or a holder has chosen to help: a *bisidder*, or one with a *fuldmagt*.

A bisidder is the child's own choice and needs no parent (barnets lov § 6). A mandate is given by a holder, or by a
young person from 15 (forvaltningsloven § 8). Both name a person of at least 15, a period and blocks, and neither
ever opens health, the child's confidential talk or what tells of a protected address.

`model` and `mapping` are pure and lie below the record: `access` derives rights from them. `operations` gives, ends and
excludes; `queries` reads.
"""
