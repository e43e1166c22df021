"""How one records system's columns become canonical columns: mapping files, and finding their columns in a report."""
