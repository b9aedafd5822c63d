"""Somebody asks for what a unit has written about a child, and gets an answer with reasons.

A holder of custody asks for access to the documents (*aktindsigt*), also of a young person of fifteen and over. A
parent without custody asks to be told how the child is (forældreansvarsloven § 23). Nothing of it is digital for the
one who asks. Somebody in the unit writes the request down, has the ball, looks through what the unit itself has written
and decides, and the answer goes as a letter. A request is an entry of class D: the unit's own, no trace for others.
"""
