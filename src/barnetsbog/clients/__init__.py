"""Systems and apps that call the book's interfaces: who they are, as whom they act, and what their tokens allow.

1. `model` and `permissions` are pure: a client, and what SMART scopes allow, never more than the client and its role.
2. `access.scopes` makes the scope of a client, as of everybody else; nothing here opens a book.
"""
