"""How hard a Danish text is to read.

LIX is the number of words per sentence plus the share of long words in per cent: under 25 is a children's book, over
45 is hard. It swings for very short texts, so it is a hint to a writer and never a verdict on one sentence.
"""

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# "kl. 10" ends no sentence: what follows an end begins with a capital or a quotation.
_END = re.compile(r"[.!?:]+[»«\"”]?(?=\s+[A-ZÆØÅ»«\"”{]|\s*$)")
_LONG = 6


def lix(text: str) -> int:
    """The rounded LIX of a text; 0 when there are no words in it."""
    words = _WORD.findall(text)
    if not words:
        return 0
    sentences = max(1, len(_END.findall(text)))
    long_words = sum(len(word) > _LONG for word in words)
    return round(len(words) / sentences + 100 * long_words / len(words))
