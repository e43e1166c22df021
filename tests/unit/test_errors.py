from nilreturn import errors


def test_did_you_mean_keeps_the_known_spelling() -> None:
    assert errors.did_you_mean("VICTIM", ["Victims"]) == "; did you mean 'Victims'?"


def test_a_user_error_has_details_beside_its_line() -> None:
    error = errors.QuestionError("two mistakes", details=("line 1", "line 2"))
    assert str(error) == "two mistakes"
    assert error.details == ("line 1", "line 2")
