"""The types of resources that the interface knows, as the CapabilityStatement lists them."""

from barnetsbog.access.writing_rules import CAPABILITIES, MASTER_DATA, PLAIN

SERVED: tuple[str, ...] = tuple(sorted({*PLAIN, *MASTER_DATA, *CAPABILITIES}))
"""What can be read. What of it can be written is for the rules to say."""
