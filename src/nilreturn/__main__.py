"""`python -m nilreturn`."""

from nilreturn.cli import main

main()
