"""The statements that write an extract's tables."""
