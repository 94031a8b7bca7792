"""`python -m ascertain`."""

from ascertain.cli.app import app

app()
