"""
Lazy doors: a package imports a name at its first use (PEP 562), so that importing one part does not
load the others.

The package's `__init__` imports its names under `if TYPE_CHECKING:`, where readers, type checkers
and the import contracts see them, and calls `open_door`, which reads the same lines.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any


class _Door(ModuleType):
    """A package whose names are looked up at their first use."""

    _origins: dict[str, tuple[str, str]]

    def __getattr__(self, name: str) -> Any:
        if name not in self._origins:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        module, original = self._origins[name]
        value = getattr(importlib.import_module(module), original)
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        # `disclosure.audit` is a function and a module: importing the module must not hide the
        # function.
        if name in self._origins and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._origins})


def open_door(package: str) -> None:
    """
    Make `package`, which is being imported, look up the names that it imports under `if
    TYPE_CHECKING:`.
    """
    module = sys.modules[package]
    vars(module)["_origins"] = _origins(package)
    module.__class__ = _Door


def _origins(package: str) -> dict[str, tuple[str, str]]:
    """By name, the module that defines it and its name there."""
    spec = importlib.util.find_spec(package)
    source = spec.loader.get_source(package) if spec and spec.loader else None  # type: ignore[attr-defined]
    blocks = [node.body for node in ast.parse(source or "").body if _is_type_checking(node)]  # type: ignore[attr-defined]
    imports = [node for block in blocks for node in block if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name: (str(node.module), alias.name)
        for node in imports
        for alias in node.names
    }


def _is_type_checking(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )
