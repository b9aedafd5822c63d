"""The demonstration: twenty invented children, told in YAML, turned into FHIR and imported like everybody else's data.

The way through the package: `story` reads the files into the typed things of `model`, `dates` moves everything so that
the demonstration's today is the day it is shown, `build` turns it into FHIR R4 bundles by the mappers in `mapping`, and
`check` refuses stories that repeat themselves, contradict themselves or give away a date.
"""
