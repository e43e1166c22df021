import pytest

from nilreturn.narrative.lexicon import load_lexicon
from nilreturn.narrative.matching import Matcher


@pytest.fixture(scope="session")
def matcher():
    return Matcher(load_lexicon())


@pytest.fixture(scope="session")
def named(matcher):
    """The names that the matcher finds in a text."""
    return lambda text: {mention.entry.name for mention in matcher.mentions(text)}
