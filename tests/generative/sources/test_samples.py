"""What a file's encoding is guessed from: the parts of lines around letters that are not ASCII."""

import re

from hypothesis import given
from hypothesis import strategies as st

from nilreturn.sources.reading.delimited.encoding import _around_letters

_runs = st.builds(
    lambda byte, times: bytes([byte]) * times,
    st.sampled_from(b"a\n\r\xc3\xe9"),
    st.integers(1, 250),
)


@given(st.lists(_runs, max_size=30).map(b"".join))
def test_the_parts_are_those_that_a_plain_pattern_finds(chunk):
    assert list(_around_letters(chunk)) == re.findall(
        rb"[^\n]{0,200}[\x80-\xff][^\n]{0,200}", chunk
    )
