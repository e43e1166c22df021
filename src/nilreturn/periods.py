"""Financial years, months and quarters; a period names its first and last day, both included, in local time."""
