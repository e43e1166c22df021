"""What must hold once the primary cells and the chosen others are hidden."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AttackerModel:
    """
    What must hold once the primary cells and the chosen others are hidden.

    Always: no hidden cell has a single value. With `ranges`: a reader can rule out none of the
    values `low..high` of a primary cell. With `insiders`: whoever is the one person in a hidden
    cell of 1, and so knows that cell, still finds no single value for any other hidden cell.
    """

    ranges: bool = True
    insiders: bool = True


KNOWS_THE_RULE = AttackerModel()


NOT_DERIVABLE = AttackerModel(ranges=False, insiders=False)
