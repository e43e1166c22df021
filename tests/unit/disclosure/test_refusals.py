"""A refusal reads as the request does: questions by their numbers."""

from dataclasses import replace

import numpy as np

from nilreturn.disclosure import in_questions
from nilreturn.errors import DisclosureError, TableError
from nilreturn.tables import RawTable
from tests.support.counts import VICTIMS, figure, printed


def asked(name: str, question: str, title: str = "Victims") -> RawTable:
    return RawTable(name, title, VICTIMS, (), np.array(1, dtype=np.int64), question)


TABLES = (asked("q1", "1"), asked("q2", "2"), asked("q12", "12"))


def test_tables_are_named_by_their_questions_and_the_clash_is_said():
    refusal = in_questions(
        DisclosureError(
            "nothing is released",
            details=("q1: one cell could be worked out", "q12: 12-15: at least 2"),
        ),
        TABLES,
    )
    assert str(refusal) == "nothing is released; question 1 and question 12 clash"
    assert refusal.details == (
        "question 1: one cell could be worked out",
        "question 12: 12-15: at least 2",
    )
    assert isinstance(refusal, DisclosureError)


def test_one_question_clashes_with_none():
    refusal = in_questions(
        DisclosureError("nothing is released", details=("q2: a", "q2: b")), TABLES
    )
    assert str(refusal) == "nothing is released"
    assert refusal.details == ("question 2: a", "question 2: b")


def test_the_word_table_goes_where_a_question_is_named():
    refusal = in_questions(TableError("tables q1, q2: use the same categories of age"), TABLES)
    assert str(refusal) == "question 1, question 2: use the same categories of age"
    assert isinstance(refusal, TableError)


def test_two_tables_of_one_question_are_told_apart_by_their_titles():
    both = (
        asked("q4", "4", "Records that mention each keyword"),
        asked("q4_searched", "4", "Records searched"),
    )
    refusal = in_questions(DisclosureError("no", details=("q4: a", "q4_searched: b")), both)
    assert refusal.details == (
        "question 4 (Records that mention each keyword): a",
        "question 4 (Records searched): b",
    )


def test_a_table_of_an_earlier_answer_is_named_with_it():
    earlier = replace(printed(figure("q1", VICTIMS, 2), False), release="20210998")
    refusal = DisclosureError("no", details=("20210998: q1 and q1 print different counts",))
    refusal = in_questions(refusal, TABLES, (earlier,))
    assert refusal.details == ("question 1 of 20210998 and question 1 print different counts",)
    assert str(refusal) == "no; question 1 of 20210998 and question 1 clash"


def test_words_that_only_look_like_a_table_are_left_alone():
    refusal = in_questions(DisclosureError("no", details=("faq1 and q1x and q3",)), TABLES)
    assert refusal.details == ("faq1 and q1x and q3",)
