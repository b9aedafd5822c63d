"""The directory: who the children are, and which organisations, units and professionals there are.

Reference data: small, the same on every node, and read by everybody's pages to put names to ids. It says nothing
about a child beyond what is needed to find the right book.
"""
