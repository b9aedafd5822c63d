"""Operations (FHIR R4 §3.2): each is one module here, which ends with `registry.add(Operation("validate", ...))`.

Every module of this package is found by itself; routes and the CapabilityStatement know an operation from there.
"""
