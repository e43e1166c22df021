"""The contract of doors holds what it says, on small graphs of imports."""

import grimp
import pytest
from scripts.doors import imports_past_a_door
from scripts.sizes import circles

MODULES = (
    "n",
    "n.a",
    "n.a.x",
    "n.a.room",
    "n.a.room.y",
    "n.a.open",
    "n.a.open.z",
    "n.b",
    "n.b.x",
    "n.c",
)


def graph(*imports):
    made = grimp.ImportGraph()
    for module in MODULES:
        made.add_module(module)
    for importer, imported in imports:
        made.add_import(importer=importer, imported=imported)
    return made


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("n.b.x", "n.a"),  # a door
        ("n.b.x", "n.c"),  # a module beside a package around it
        ("n.a.x", "n.a.room"),  # a room of its own package
        ("n.a.room.y", "n.a.x"),  # a module of a package around it
        ("n.a", "n.a.x"),  # what the door is made of
        ("n.b.x", "n.a.open"),  # a room that is open to all
    ],
)
def test_these_may_be_imported(importer, imported):
    assert not list(imports_past_a_door(graph((importer, imported)), "n", {"n.a.open"}))


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("n.b.x", "n.a.x"),  # a module behind a door
        ("n.b.x", "n.a.room"),  # a room of another package
        ("n.a.x", "n.a.room.y"),  # a module in a room
        ("n.b.x", "n.a.open.z"),  # a module in an open room
        ("n.a.x", "n.a"),  # the door that it is behind
        ("n.a.room.y", "n.a"),
    ],
)
def test_these_may_not(importer, imported):
    assert list(imports_past_a_door(graph((importer, imported)), "n", {"n.a.open"})) == [
        (importer, imported)
    ]


def test_a_circle_of_rooms_is_found_where_no_two_modules_import_each_other():
    assert circles(graph(("n.a.x", "n.b"), ("n.b.x", "n.c"))) == []
    assert circles(graph(("n.a.x", "n.b"), ("n.b.x", "n.c"), ("n.c", "n.a"))) == [
        ["n.a", "n.b", "n.c"]
    ]
