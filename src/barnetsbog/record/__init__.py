"""The record: everything known about a child, and the one door to it.

1. An *entry* is one FHIR R4 resource about one child. What pages, filters and search need of it stands in columns of
   the entry; what it says stands as bytes in its *versions*, which are only ever added to (`models`).
2. What came from elsewhere is kept word for word in the *delivery* it came in.
3. `promotion` reads the columns out of a resource. `store` writes a prepared set of entries in the caller's
   transaction.
4. `scope` says who is asking. `book` is the only code that reads entries, and it reads only what the asker's grants
   open.
"""
