"""The FHIR R4 interface: request, caller, one call, the stored bytes."""
