"""Forms: one catalogue of questions, filled from the book, answered once, and read back into it.

1. A form is read from the catalogue (`catalogue/`): shared sections, the base of its family, and what its variant adds,
   drops or words differently (`files`, `assembling`).
2. Somebody answers. What is shown, what is lacking and what is worked out is pure (`rules`).
3. What the book knows already stands in the answer with its source (`prefill`), and is kept, corrected or left out.
4. A finished form is a QuestionnaireResponse; what it says of conditions, interventions, goals and scores becomes
   entries of its own (`extraction`), so that the next form is filled from them.
"""
