"""From the story's words to FHIR R4: one small mapper per family of entries, each a pure function."""
