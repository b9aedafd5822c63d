"""The log of everything that is done with a child's book, and its proof.

`operations.note` writes an event in the caller's transaction: if the act is undone, so is its line, and if the line
can't be written, the act does not happen. `links` chains events, `sealing` chains many at once, `checkpoints` sum the
log up, `verifying` checks it, `queries` reads it (ADR 7, docs/audit.md).
"""
