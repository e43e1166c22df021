"""
Free text as tokens: what an officer typed, made comparable while the boundaries between words are
kept.

The text may be hostile: nothing here depends on a token's length except by a constant factor, so 10
MB of one letter are read once.
"""

from __future__ import annotations

import enum
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Letters kept of one token. A longer token is cut and is never near a name.
LONGEST_FORM = 40

# Tokens in the longest phrase that is looked up ("plenty more fish dating").
LONGEST_PHRASE = 4


class Gap(enum.Enum):
    """What is between a token and the one before it."""

    JOIN = "join"  # a space, a hyphen or a dot within a word: the two may be one name
    LIST = "list"  # a comma, a slash, an ampersand: two items of a list
    PAUSE = "pause"  # brackets, quotation marks and the like
    STOP = "stop"  # the end of a sentence, or the start of the text


@dataclass(frozen=True, slots=True)
class Token:
    """
    A run of letters and digits: `form` (at most LONGEST_FORM letters), and its place in the
    normalised text.
    """

    form: str
    start: int
    end: int
    gap: Gap

    @property
    def adjacent(self) -> bool:
        """Whether it may be read together with the token before it."""
        return self.gap is Gap.JOIN


# Letters of other scripts that look like Latin ones, and are typed or pasted in their place
# (Unicode's confusables, those that survive NFKC and case folding and occur in names of this kind).
_LOOKALIKES = str.maketrans(
    {
        **dict(zip("авекмнортхусіјѕԁԛԝһєп", "abekmhoptxycijsdqwhen", strict=True)),
        **dict(zip("αβγεικνορτυχωη", "abyeikvoptuxwn", strict=True)),
        "ı": "i", "ł": "l", "ø": "o", "ð": "d", "đ": "d", "ɡ": "g", "ɑ": "a", "ʟ": "l", "ɪ": "i",
        "æ": "ae", "œ": "oe",
    }
)  # fmt: skip
# Only HTML's own tags: an officer may write a name between angle brackets.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|caption|center|code|col|colgroup|dd|div|dl|dt|em|font|form|h[1-6]|head|hr|html|i"
    r"|img|input|label|li|link|meta|o:p|ol|p|pre|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th"
    r"|thead|title|tr|u|ul|!--|!doctype)(?:[\s/][^<>]{0,300})?>",
    re.IGNORECASE,
)
# No character has such a number, and Python refuses to read the longest.
_LONG_NUMBER = re.compile(r"&#\d{8,}")
_NOT_SPACE_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r\f\v"} | {
    127: None
}


def normalise(text: str) -> str:
    r"""
    The text in one form: HTML entities and tags are decoded, Unicode is NFKC and case folded,
    letters of other scripts that look like Latin ones are replaced, and marks above letters,
    direction marks, NULs and other invisible characters are removed.

    >>> normalise("<b>SNAPCH\u0410T</b> &amp; Fàcebook")
    ' snapchat  & facebook'
    """
    if "&" in text:
        text = html.unescape(_LONG_NUMBER.sub(" ", text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    if text.isascii():
        return text.translate(_NOT_SPACE_CONTROLS).lower()
    # Marks go first and last: a long run of them would cost its square to put in order, and NFD
    # sets new ones apart.
    text = _without_invisible(text)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _without_invisible(unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text.translate(_LOOKALIKES).translate(_NOT_SPACE_CONTROLS))


def _without_invisible(text: str) -> str:
    return text.translate({ord(character): _visible(character) for character in set(text)})


def _visible(character: str) -> str:
    if character < "\x80":
        return character
    category = unicodedata.category(character)
    if category in ("Mn", "Cf", "Cc", "Me"):
        return ""
    return " " if category.startswith("Z") else character


_WORD = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)*")
_APOSTROPHES = re.compile(r"['’`´]")
_JOINS = re.compile(r"\s+|-|[‐‑_]|-\s+|\s+-|\.")
_LISTS = re.compile(r"[\s\"'()\[\]‘’“”]*[,/&+|\\;][\s\"'()\[\]‘’“”]*")
_STOPS = re.compile(r"[.!?]|\n\s*\n|\s-+\s|[–—]")


def tokenise(text: str) -> list[Token]:
    """
    The tokens of a normalised text, in order; apostrophes within a word are dropped ("what's" is
    "whats").

    Punctuation breaks adjacency, but a hyphen or a dot inside a word does not ("e-mail",
    "match.com").

    >>> [(token.form, token.gap.value) for token in tokenise("via ask.fm, kik")]
    [('via', 'stop'), ('ask', 'join'), ('fm', 'join'), ('kik', 'list')]
    """
    tokens: list[Token] = []
    before = 0
    for word in _WORD.finditer(text):
        start, end = word.span()
        gap = gap_between(text[before:start]) if tokens else Gap.STOP
        form = text[start : min(end, start + 2 * LONGEST_FORM)]
        if not form.isalnum():
            form = _APOSTROPHES.sub("", form)
        tokens.append(Token(form[:LONGEST_FORM], start, end, gap))
        before = end
    return tokens


def gap_between(between: str) -> Gap:
    """The gap that the characters `between` two tokens make."""
    if between == " ":
        return Gap.JOIN
    if len(between) > 200:  # padding, not punctuation that anyone meant
        between = between[:200]
    if _STOPS.search(between) and between != ".":
        return Gap.STOP
    if _JOINS.fullmatch(between):
        return Gap.JOIN
    if _LISTS.fullmatch(between):
        return Gap.LIST
    return Gap.PAUSE


def phrases(
    tokens: Sequence[Token], *, longest: int = LONGEST_PHRASE
) -> Iterator[tuple[str, int, int]]:
    """
    Every run of at most `longest` adjacent tokens as (form, first, past the last): the tokens of a
    form are one space apart, so "snap chat" and "snapchat" are two forms.
    """
    for first in range(len(tokens)):
        form = ""
        for past in range(first, min(first + longest, len(tokens))):
            if past > first and not tokens[past].adjacent:
                break
            form = tokens[past].form if past == first else f"{form} {tokens[past].form}"
            yield form, first, past + 1
