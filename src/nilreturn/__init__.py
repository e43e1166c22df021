"""Answer questions about recorded crime: from the record to the reply, without a leak."""

__version__ = "0.1.0"

__all__ = ["__version__"]
