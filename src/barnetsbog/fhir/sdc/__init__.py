"""Structured Data Capture: what the guide demands of questionnaires and answers beyond base R4.

Source: HL7 FHIR Structured Data Capture 3.0.0 (http://hl7.org/fhir/uv/sdc/), the profiles sdc-questionnaire, -render,
-behave, -pop-exp and -questionnaireresponse, and what R4 says of the two types in words alone
(https://hl7.org/fhir/R4/questionnaireresponse.html#notes). The rules are written anew here, because the guide's package
is no part of the program; one that is loaded (`./bog fhir add-package`) is asked besides.
"""

from .questionnaires import check_questionnaire
from .responses import check_response

__all__ = ["check_questionnaire", "check_response"]
