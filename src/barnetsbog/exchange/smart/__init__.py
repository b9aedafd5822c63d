"""SMART on FHIR: where clients fetch, end and ask about tokens, and what they are told of it beforehand."""
