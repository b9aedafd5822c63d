"""The timeline: what happened when, in which sector, as a table of lanes and periods with a dated list below.

It writes nothing. A thousand entries are first counted (in SQL, within what the reader may see) and only then listed,
so that the page costs the same for 60 entries as for 10,000.
"""
