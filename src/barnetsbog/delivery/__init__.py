"""Delivery: what is to leave the book, and how it gets there.

What is to be sent is a row of the outbox, written in the transaction of the act that sends it (ADR 20). A worker claims
rows, has them carried out by whoever put them there (`Handler`), and tries again, ever more seldom, what failed. Each
way out is a *channel* with one adapter (`channels/`), and every adapter knows a parcel by its key: one that has been
delivered is not delivered again. The package knows nothing of letters.
"""
