"""Intake: what other systems send, filed on the right child or refused with a reason.

1. `reading` opens files and cuts them into *units of work*: a Bundle, a single resource, or some lines of NDJSON.
2. `preparing` checks each resource of a unit against base R4, gives it the id it will always have here, points its
   references at the ids of their targets, and reads out columns and search values. It is pure, and runs on all cores.
3. `filing` decides whose book each resource belongs in.
4. `storing` writes a unit in one transaction: delivery, entries, versions, search rows, directory, grants and log;
   and, when a sharing ends by it, what the recipient is told (`telling`).
5. `operations` runs the four over any number of files and counts: read = stored + unchanged + refused, always.
6. `exporting` gives it all back as it came.
"""
