"""`python -m vectorportal` is the command `vectorportal`."""

from __future__ import annotations

from vectorportal.app.cli import main

if __name__ == "__main__":
    main()
