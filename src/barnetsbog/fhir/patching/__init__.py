"""Changing a part of a resource: JSON Patch (RFC 6902) and FHIRPath Patch (FHIR R4 §3.1.0.9.2). Pure.

A patch is whole or nothing: what was given is left as it is, and a changed copy is handed back. What can't be done
raises `PatchFault`, which says in which operation and why.
"""

from .faults import MOST, PatchFault
from .json_patch import json_patched
from .path_patch import path_patched

__all__ = ["MOST", "PatchFault", "json_patched", "path_patched"]
