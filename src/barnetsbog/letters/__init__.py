"""Letters: 30 templates, one version for each receiver, and their way to them.

1. `catalogue/*.yaml` says what each letter says, as blocks with fields, and what the child's own version (*børnebrev*)
   says (`files`, strict).
2. `filling` puts names and what the writer has typed in the fields. What is typed is text, never a template: nobody's
   name is looked through for fields.
3. `filtering` makes one version for each receiver: what they may be told by the rights that reads are judged by
   (`standing`), without places where they must not learn where the child is.
4. `blocks` tells a version as text, as data for paper and as its fingerprint; `typesetting` makes a tagged PDF.
5. `operations` keeps the draft and sends; `sending` carries out what was sent, asks everything once more at that
   moment, and keeps what came of it.
"""
