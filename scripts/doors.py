"""
An import contract: other packages use a package's door, its `__init__`, and never a module inside
it.
"""

from __future__ import annotations

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Doors(Contract):
    """
    A module may import its package's other modules and rooms, and the doors of what lies beside any
    package around it.

    A room (a package in a package) is for its package alone, unless it is listed as `open`. No
    module imports the door of a package that it is in.
    """

    type_name = "doors"

    root = fields.StringField()
    open = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """
        Every import within the root that passes a door, or that a module makes of a door it is
        behind.
        """
        del verbose
        rooms = set(self.open or ())  # type: ignore[call-overload]
        wrong = sorted(imports_past_a_door(graph, str(self.root), rooms))
        missing = sorted(room for room in rooms if room not in graph.modules)
        return ContractCheck(
            kept=not wrong and not missing, metadata={"wrong": wrong, "missing": missing}
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each such import."""
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"{importer} imports {imported}")
        for room in check.metadata["missing"]:
            output.print_error(f"{room} is listed as open and is not there")


def imports_past_a_door(
    graph: ImportGraph, root: str, rooms: set[str]
) -> Iterator[tuple[str, str]]:
    """
    (importer, imported) of every import within `root` that passes a door, or is of a door that it
    is behind.
    """
    for importer in graph.modules:
        if not _is_in(root, importer):
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            package = imported.rpartition(".")[0]
            if not _is_in(root, imported) or imported == root:
                continue
            passes = not _is_in(package, importer) and imported not in rooms
            is_behind = importer != imported and _is_in(imported, importer)
            if passes or is_behind:
                yield importer, imported


def _is_in(package: str, module: str) -> bool:
    return module == package or module.startswith(f"{package}.")
