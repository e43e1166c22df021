import stat

import pytest

from nilreturn.errors import FileError
from nilreturn.keys import KEY_BYTES, derived, keyed_hash, new_key
from tests.architecture.source import SOURCE


def test_a_new_key_is_random_whole_and_closed(tmp_path):
    new_key(tmp_path / "a")
    new_key(tmp_path / "b")
    first, second = (tmp_path / name for name in "ab")
    assert len(first.read_bytes()) == KEY_BYTES
    assert first.read_bytes() != second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_a_key_is_never_replaced(tmp_path):
    new_key(tmp_path / "key")
    before = (tmp_path / "key").read_bytes()
    with pytest.raises(FileError, match="is there already"):
        new_key(tmp_path / "key")
    with pytest.raises(FileError, match="cannot be written"):
        new_key(tmp_path / "nowhere" / "key")
    assert (tmp_path / "key").read_bytes() == before


def test_what_is_derived_depends_on_key_label_and_content():
    made = {
        derived(key, label, content)
        for key in (b"a", b"b")
        for label in ("x", "y")
        for content in (b"1", b"2")
    }
    assert len(made) == 8
    assert keyed_hash(b"a", "x", b"1") == derived(b"a", "x", b"1").hex()


def test_the_key_itself_goes_into_no_hash_but_to_derive_another():
    """`chance` is given a key that was derived for it; whatever else needs one derives it here."""
    using = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "hmac" in path.read_text("utf-8")
    }
    assert using == {"keys.py", "disclosure/suppression/chance.py"}
