"""`python -m derelay`."""

from derelay.cli import main

main()
