"""The one door: what comes out of it, what does not, and the proof that goes with it."""

import copy
import itertools
import os
import subprocess
import sys
from datetime import date

import numpy as np
import pytest

from nilreturn.disclosure import RULES, alternatives, as_text, audit, protect, verify
from nilreturn.disclosure.comparison import COMPARED
from nilreturn.disclosure.methods.rounding import by_rounding
from nilreturn.disclosure.tabular import draw
from nilreturn.errors import DisclosureError, PolicyError, TableError, UsageError
from nilreturn.progress import no_progress
from nilreturn.tables import CellStatus, Dimension, RawExtreme
from tests.architecture.source import SOURCE
from tests.support.counts import VICTIMS, ages, one_way, policy, recorded, table

COUNTS = [[12, 3, 9, 0], [8, 6, 2, 11], [7, 10, 14, 5], [0, 9, 6, 1]]


@pytest.fixture
def done():
    return protect([table(COUNTS)], policy())


def test_small_counts_are_hidden_and_zeros_printed(done):
    safe = done.tables[0]
    assert safe.cell("a0", "b1").status is CellStatus.PRIMARY
    assert "a test" in safe.cell("a0", "b1").rule
    assert safe.cell("a0", "b3").value == 0
    assert any(cell.status is CellStatus.SECONDARY for _, cell in safe.cells())


def test_an_audit_from_outside_finds_nothing(done):
    assert audit(done.published, threshold=5).is_safe


def test_the_certificate_holds_and_is_bound_to_its_tables(done):
    assert verify(done.published, done.certificate) == ()
    other = protect([table(np.array(COUNTS) + 1)], policy())
    assert "other tables" in verify(other.published, done.certificate)[0]


def _tampered(certificate, change):
    broken = copy.deepcopy(certificate)
    change(broken)
    return broken


def _only_moves_of_one(certificate):
    """Leave the moves that change a cell of 1, so that the person in it sees nothing vary."""
    one, number, often = certificate["alone"][0]
    left = [move for move in certificate["moves"] if one in move[0]]
    first = left.index(certificate["moves"][number]) if often else -1
    certificate.update(moves=left, alone=[[one, first, often]])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c["world"].__setitem__(0, c["world"][0] + 1), "the world does not add up"),
        (lambda c: c["world"].__setitem__(0, 0), "the world disagrees"),
        (lambda c: c["moves"][0][1].__setitem__(0, 9), "move 0 changes a sum"),
        (lambda c: c["moves"][0][0].__setitem__(0, 10**6), "not as nilreturn writes it"),
        (lambda c: c["moves"].append([[], []]), "not as nilreturn writes it"),
        (lambda c: c.update(moves=[], alone=[]), "one value"),
        (lambda c: c.update(moves=c["moves"][:1], alone=[]), "one value"),
        (lambda c: c["two_values"].pop(), "leaves it out"),
        (lambda c: c["every_value"].append([c["two_values"][0], 1, 99]), "no world shows"),
        (lambda c: c["alone"].append([c["two_values"][0], 0, 10**6]), "is 1 in no world"),
        (_only_moves_of_one, "one value in all worlds where"),
        (lambda c: c["moves"][0][1].__setitem__(0, 2**62), "not as nilreturn writes it"),
        (lambda c: c["world"].__setitem__(0, 2**62), "not as nilreturn writes it"),
        (lambda c: c["two_values"].append(10**6), "not as nilreturn writes it"),
        (lambda c: c["open"].pop(), "not as nilreturn writes it"),
        (lambda c: c.pop("world"), "not as nilreturn writes it"),
        (lambda c: c.update(format="x"), "format"),
        (lambda c: c.update(printed_sha256="0"), "other tables"),
    ],
)
def test_a_certificate_that_was_tampered_with_is_rejected(done, change, told):
    complaints = verify(done.published, _tampered(done.certificate, change))
    assert any(told in complaint for complaint in complaints), complaints


def test_the_verifier_needs_no_solver():
    script = (
        "import sys; sys.modules['highspy'] = sys.modules['scipy.optimize'] = None; "
        "import nilreturn.disclosure.audit.verification"
    )
    environment = os.environ | {"PYTHONPATH": str(SOURCE.parent)}
    assert (
        subprocess.run([sys.executable, "-c", script], check=False, env=environment).returncode == 0
    )


def test_the_same_tables_give_the_same_certificate(done):
    assert protect([table(COUNTS)], policy()).certificate_sha256 == done.certificate_sha256


def test_tables_that_share_a_margin_are_protected_together():
    first, second = (
        table([[9, 2], [8, 7]], name="x", variables="ab"),
        table([[10, 7], [6, 3]], name="y", variables="bc"),
    )
    second = table([[11, 6], [3, 6]], name="y", variables="bc")
    done = protect([first, second], policy())
    assert audit(done.published, threshold=5).is_safe
    for label in ("Total", "b0", "b1"):
        assert done.tables[0].cell("Total", label) == done.tables[1].cell(label, "Total")


def test_one_count_hidden_alone_would_be_given_away_so_more_is_hidden():
    raw = one_way("ages", VICTIMS, ages("11 and under", "12 to 15", "16 and over"), [30, 3, 15, 12])
    assert protect([raw], policy()).tables[0].hidden == 2


def test_the_person_alone_in_a_cell_learns_nothing_of_others():
    """
    The total of the first row is the same one person as its only part that is not zero; no more is
    given away.
    """
    done = protect([table([[1, 0, 0], [7, 8, 6], [10, 6, 8]])], policy())
    assert done.tables[0].cell("a0", "Total").value is None
    assert verify(done.published, done.certificate) == ()


def test_what_follows_whatever_is_hidden_is_refused_without_its_counts():
    """Both parts are 1 and the rule is known: the total of two cannot be hidden by anything."""
    raw = one_way("pair", VICTIMS, Dimension.flat("a", "A", ("x",)), [0, 0])
    assert protect([raw], policy()).tables[0].hidden == 0


def test_hidden_zeros_may_be_asked_for():
    done = protect([table(COUNTS)], policy(zeros={"treatment": "hidden", "reason": "a test"}))
    assert done.tables[0].cell("a0", "b3").value is None
    assert int(done.published[0].low[1, 4]) == 0
    assert verify(done.published, done.certificate) == ()


def test_that_everybody_is_in_one_category_may_be_hidden():
    raw = table([[9, 0, 0], [7, 8, 6], [10, 6, 8]])
    assert protect([raw], policy()).tables[0].hidden == 0
    safe = protect([raw], policy(group_disclosure=True)).tables[0]
    assert [safe.cell("a0", label).value for label in ("b0", "b1", "b2")] == [None, None, None]


def test_counts_that_may_be_printed_as_they_are_are():
    rule = {"variables": "a", "threshold": {"value": 1, "reason": "they are no people"}}
    assert protect([table([[1, 2], [3, 4]])], policy(overrides=[rule])).tables[0].hidden == 0


def test_two_tables_of_one_name_are_refused():
    with pytest.raises(TableError, match="two tables are called t"):
        protect([table([[5, 5], [5, 5]]), table([[5, 5], [5, 5]])], policy())


def test_one_cell_with_two_counts_is_refused():
    with pytest.raises(TableError, match="contradict"):
        protect([table([[9, 5], [5, 5]]), table([[8, 5], [5, 5]], name="u")], policy())


# Extremes -----------------------------------------------------------------------------------------

YEAR = recorded(date(2020, 4, 1), date(2021, 3, 31))


def youngest(**settings):
    told = {"name": "youngest", "title": "Youngest", "population": YEAR, "variable": "victim.age"}
    return RawExtreme(**(told | {"kind": "minimum", "value": 9} | settings))


def crowd():
    return one_way(
        "ages",
        YEAR,
        ages("11 and under", "12 to 15", "16 and over", "Unknown"),
        [900, 200, 300, 350, 50],
    )


def test_an_extreme_is_refused_with_the_reason():
    (extreme,) = protect([crowd()], policy(), extremes=[youngest()]).extremes
    assert extreme.value is None
    assert extreme.also == ()
    assert "section 40(2)" in extreme.refusal


def test_an_extreme_of_a_large_population_may_be_printed_and_is_then_known():
    rules = policy(extremes={"release": "large populations", "population": 500, "reason": "a test"})
    done = protect([crowd()], rules, extremes=[youngest()])
    assert done.extremes[0].value == 9
    assert any(t.name == "youngest" for t in done.published)
    assert verify(done.published, done.certificate, known=done.known) == ()


@pytest.mark.parametrize("change", [{"also": (("Sex", "Female"),)}, {"population": VICTIMS}])
def test_an_extreme_is_refused_where_it_singles_out(change):
    rules = policy(extremes={"release": "large populations", "population": 500, "reason": "a test"})
    assert protect([crowd()], rules, extremes=[youngest(**change)]).extremes[0].refusal


# Other methods ------------------------------------------------------------------------------------


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(bytes(range(32)))
    return str(path)


def counts_of(done):
    return np.array([cell.value for _, cell in done.tables[0].cells()])


def test_rounding_to_base_5_hides_the_whole_range(key_file):
    done = protect([table(COUNTS)], policy(method="rounding", base=5, key_file=key_file))
    assert (counts_of(done) % 5 == 0).all()
    assert verify(done.published, done.certificate) == ()
    assert all(cell.status is CellStatus.CHANGED for _, cell in done.tables[0].cells())


def test_rounding_to_base_3_cannot_hide_a_range_of_four_and_says_so(key_file):
    rules = policy(method="rounding", base=3, key_file=key_file)
    with pytest.raises(DisclosureError, match="nothing is released"):
        protect([table([[1, 9, 4], [8, 1, 7], [4, 5, 1]])], rules)


@pytest.mark.parametrize("counts", [(1, 13), (4, 10), (2, 3)])
def test_whoever_knows_how_rounding_is_done_cannot_tell_which_count_it_was(counts, tmp_path):
    """Whatever is printed, some key prints it of every table of which it is a rounding."""

    def printed(counts, number):
        path = tmp_path / f"{number}"
        path.write_bytes(number.to_bytes(16))
        return by_rounding(
            [table(counts)], policy(method="rounding", base=5, key_file=str(path)), (), no_progress
        ).cells[0]

    def shown(counts, number):
        return tuple(cell.value for cell in printed(counts, number).values())

    of_this = {shown(counts, number) for number in range(60)}
    assert len(of_this) > 1
    for rounded in of_this:
        for first, second in itertools.product(range(16), repeat=2):
            true = (first + second, first, second)
            if all(
                abs(t - r) < 5 and (t % 5 or t == r) for t, r in zip(true, rounded, strict=True)
            ):
                assert any(shown((first, second), number) == rounded for number in range(200)), (
                    rounded,
                    first,
                )


def test_small_counts_rounded_by_a_key_add_up_and_do_not_change(key_file):
    rules = policy(method="small-count rounding", base=5, key_file=key_file)
    first, second = protect([table(COUNTS)], rules), protect([table(COUNTS)], rules)
    assert (counts_of(first) == counts_of(second)).all()
    counts = counts_of(first).reshape(5, 5)
    assert (counts[1:].sum(axis=0) == counts[0]).all()
    assert counts[1, 1] == 12


def test_small_base_for_a_larger_threshold_is_refused(key_file):
    with pytest.raises(PolicyError, match="larger base"):
        protect([table(COUNTS)], policy(method="small-count rounding", base=3, key_file=key_file))


def test_a_cell_key_moves_counts_a_little_and_never_a_zero(key_file):
    rules = policy(
        method="cell key",
        noise=2,
        key_file=key_file,
        requirement="two values",
        attacker={"may_be_in_cell": False},
    )
    done = protect([table(COUNTS)], rules)
    true = table(COUNTS).counts.reshape(-1)
    assert (np.abs(counts_of(done) - true) <= 2).all()
    assert (counts_of(done)[true == 0] == 0).all()


def test_recoding_merges_neighbours_and_prints_true_counts():
    bands = ages("11 and under", "12 to 15", "16 and over", "Unknown")
    done = protect([one_way("ages", VICTIMS, bands, [40, 3, 20, 9, 8])], policy(method="recoding"))
    safe = done.tables[0]
    assert safe.dimensions[0].labels == ("Total", "0 to 15", "16 and over", "Unknown")
    assert safe.cell("0 to 15").value == 23
    assert done.report.loss.categories == 1


def test_a_breakdown_that_merging_takes_away_leaves_its_total():
    done = protect([table([[30, 1], [40, 2], [50, 3]])], policy(method="recoding"))
    sizes = [len(d.categories) for d in done.tables[0].dimensions]
    assert 1 in sizes
    assert done.tables[0].cell("Total", "Total").value == 126


def test_what_merging_cannot_help_is_refused():
    bands = ages("11 and under", "12 to 15", "16 and over", "Unknown")
    with pytest.raises(DisclosureError, match="use suppression"):
        protect([one_way("ages", VICTIMS, bands, [35, 8, 9, 15, 3])], policy(method="recoding"))


def test_every_method_is_compared_with_its_cost():
    found = {a.name: a for a in alternatives([table(COUNTS)], policy())}
    assert found.keys() == COMPARED.keys()
    assert {settings["method"] for settings in COMPARED.values()} == RULES.keys()
    assert found["suppression"].holds
    assert found["rounding to base 5"].holds
    assert not found["rounding to base 3"].holds
    assert "does not hide enough" in found["rounding to base 3"].why
    assert found["suppression"].inexact == found["suppression"].loss.hidden
    assert found["rounding to base 5"].inexact == found["rounding to base 5"].cells == 25
    heading, first, *_ = as_text(tuple(found.values())).splitlines()
    assert heading.split()[:2] == ["method", "safe"]
    assert first.startswith("suppression ")


# Pictures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".png", ".svg", ".html"])
def test_a_picture_is_the_same_bytes_each_time(done, tmp_path, suffix):
    for name in ("one", "two"):
        draw(done.tables[0], (tmp_path / name).with_suffix(suffix))
    first, second = ((tmp_path / name).with_suffix(suffix).read_bytes() for name in ("one", "two"))
    assert first == second
    assert len(first) > 1000


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_picture_has_room_for_long_labels_and_takes_none_for_a_formula(tmp_path, suffix):
    labels = ("x" * 200, "$a$ and $b$", "<b>")
    wide = one_way("t", VICTIMS, Dimension.flat("a", "A", labels), [60, 20, 20, 20])
    (safe,) = protect([wide], policy()).tables
    draw(safe, tmp_path / f"t{suffix}")  # a warning that there is no room would be an error
    if suffix == ".svg":
        text = (tmp_path / "t.svg").read_text()
        assert "$a$ and $b$" in text
        assert "x" * 39 + "…" in text


def test_a_picture_holds_no_hidden_count(done, tmp_path):
    draw(done.tables[0], tmp_path / "t.html")
    text = (tmp_path / "t.html").read_text()
    assert text.count("[c]") == done.tables[0].hidden
    assert text.count("<td") == 25


def test_another_kind_of_picture_is_refused(done, tmp_path):
    with pytest.raises(UsageError, match="png"):
        draw(done.tables[0], tmp_path / "t.gif")


def test_a_summary_says_that_what_is_hidden_is_not_small_where_only_a_difference_is():
    months = [
        recorded(date(2020, 4, 1), date(2021, 3, 31)),
        recorded(date(2020, 7, 1), date(2021, 3, 31)),
    ]
    bands = ages("11 and under", "12 and over")
    tables = [
        one_way("year", months[0], bands, [50, 20, 30]),
        one_way("later", months[1], bands, [48, 20, 28]),
    ]
    summary = protect(tables, policy()).report.summary
    assert "none is small, but together they would give a small count away" in summary
    assert "no small cells" not in summary
