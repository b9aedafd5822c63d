"""Resources of one child that say what the corpus does not: measures, components, times of every sort, letters."""

import random
from typing import Any

from tests.builders import Json, bundle, patient

_DATES = (
    "2026",
    "2026-03",
    "2026-03-29",
    "2026-10-25",
    "2026-11-18",
    "2026-11-18T10:30:00+01:00",
    "2026-11-18T09:30:00.250Z",
    "2025-12-31T23:59:59Z",
)
_WORDS = (
    "Sad ved vinduet",
    "Ærø og Ålborg",
    "Søvn, uro",
    "Kanaan",
    "50 % | $ \\ mere",
    "  To   mellemrum ",
    "ÉN gang",
    "x" * 2500,
    "Sov godt",
)
_UNITS: tuple[Json, ...] = (
    {"unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}, {"unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
    {"unit": "timer"}, {},
)  # fmt: skip


class Maker:
    """Makes resources, always the same."""

    def __init__(self) -> None:
        self.some = random.Random(11)

    def pick(self, among: Any) -> Any:
        return self.some.choice(among)

    def concept(self, codes: str = "abc") -> Json:
        codings = [
            {
                "system": self.pick(("http://s", "http://t")),
                "code": self.pick(codes),
                **self.pick(({}, {"display": "Ord for det"})),
            }
        ]
        return self.pick(
            (
                {"coding": codings},
                {"coding": [*codings, {"code": codes[0]}], "text": self.pick(_WORDS[:4])},
                {"text": f"{codes} {self.pick(_WORDS[:4])}"},
            )
        )

    def quantity(self) -> Json:
        return {"value": self.pick((5, 5.4, 5.40, 5.349, 100, 0.05, -3)), **self.pick(_UNITS)}

    def period(self) -> Json:
        return self.pick(
            ({"start": "2026-01-01"}, {"end": "2026-03"}, {"start": "2026-01", "end": "2026-11-18T10:30:00+01:00"})
        )

    def measured(self) -> Json:
        return self.pick((
            {"valueQuantity": self.quantity()}, {"valueQuantity": self.quantity()}, {"valueCodeableConcept": self.concept()}, {"valueString": self.pick(_WORDS)},
            {"valueDateTime": self.pick(_DATES)}, {"valuePeriod": self.period()}, {"valueBoolean": True}, {},
        ))  # fmt: skip

    def observation(self, number: int) -> Json:
        when = self.pick(
            (
                {"effectiveDateTime": self.pick(_DATES)},
                {"effectivePeriod": self.period()},
                {"effectiveTiming": {"event": ["2026-03", "2026-05-01"]}},
                {},
            )
        )
        parts = [{"code": self.concept("de"), **self.measured()} for _ in range(self.pick((0, 0, 1, 2)))]
        return {
            "resourceType": "Observation", "id": f"o{number}", "status": self.pick(("final", "preliminary")), "code": self.concept(), "subject": {"reference": "Patient/v"},
            **when, **self.measured(), **({"component": parts} if parts else {}), **self.pick(({}, {"hasMember": [{"reference": f"Observation/o{max(number - 1, 0)}"}]})),
            **self.pick(({}, {"meta": {"tag": [{"system": "http://tags", "code": self.pick("xy")}], "profile": ["http://p/one|1.0", "http://p/two"], "source": "http://a/b/c"}})),
        }  # fmt: skip

    def condition(self, number: int) -> Json:
        began = self.pick((
            {"onsetAge": {"value": 7, "system": "http://unitsofmeasure.org", "code": "a", "unit": "år"}},
            {"onsetRange": {"low": {"value": 3, "unit": "a"}, "high": {"value": 5, "unit": "a"}}}, {"onsetDateTime": self.pick(_DATES)}, {"onsetString": self.pick(_WORDS)},
        ))  # fmt: skip
        return {
            "resourceType": "Condition", "id": f"c{number}", "code": self.concept(), "subject": {"reference": "Patient/v"}, **began,
            "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
        }  # fmt: skip

    def risk(self, number: int) -> Json:
        return {
            "resourceType": "RiskAssessment", "id": f"r{number}", "status": "final", "subject": {"reference": "Patient/v"},
            "prediction": [{"outcome": self.concept(), "probabilityDecimal": self.pick((0.5, 0.05, 0.25))}],
            **self.pick(({"occurrenceDateTime": self.pick(_DATES)}, {"occurrencePeriod": self.period()})),
        }  # fmt: skip

    def document(self, number: int) -> Json:
        return {
            "resourceType": "DocumentReference", "id": f"d{number}", "status": "current", "subject": {"reference": "Patient/v"},
            "content": [{"attachment": {"url": "http://a/b/c/d", "contentType": "text/plain", "title": "t"}}], "description": self.pick(_WORDS),
            "relatesTo": [{"code": self.pick(("replaces", "appends")), "target": {"reference": f"DocumentReference/d{max(number - 1, 0)}"}}],
        }  # fmt: skip

    def careplan(self, number: int) -> Json:
        uris = self.pick((["http://a/b"], ["http://a/b/c"], ["http://a"], ["urn:oid:1.2.3"], ["http://a/bc"]))
        return {
            "resourceType": "CarePlan", "id": f"p{number}", "status": "active", "intent": "plan", "subject": {"reference": "Patient/v"}, "period": self.period(),
            "instantiatesUri": uris, "instantiatesCanonical": ["http://plan/one|2"],
        }  # fmt: skip

    def everything(self) -> Json:
        names = [{"given": ["Åse", "Bo-Lis"], "family": "Æbeltoft"}, {"text": "Åse Æbeltoft", "prefix": ["frk."]}]
        typed = {
            "type": {"coding": [{"system": "http://types", "code": "MR"}], "text": "journal"},
            "system": "http://j",
            "value": "1|2,3",
        }
        about = patient(
            "v",
            number="0707179904",
            name=names,
            address=[{"line": ["Vej 1"], "city": "Ølstykke", "postalCode": "3650"}],
        )
        about["identifier"].append(typed)
        makers = (
            self.observation,
            self.observation,
            self.observation,
            self.condition,
            self.risk,
            self.document,
            self.careplan,
        )
        return bundle(about, *(maker(number * 10 + at) for number in range(9) for at, maker in enumerate(makers)))
