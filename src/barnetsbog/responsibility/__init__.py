"""Who has the ball: every open matter, its holder and its deadline.

The ball is a FHIR Task whose owner is the holder. A task without an owner is a ball that nobody has, and is shown as
such.
"""
