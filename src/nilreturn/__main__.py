"""`python -m nilreturn`, and the command `nilreturn`."""

from nilreturn.stopping import STOPPING


def main() -> None:
    """Handle Ctrl-C from the first moment, since the command line takes a while to import."""
    STOPPING.listen()
    from nilreturn.cli import main as run

    run()


if __name__ == "__main__":
    main()
