#!/usr/bin/env python3
"""Start LinReg: double-click this file, or run ``python3 app.py``."""

import sys

from linreg_gui import interruption

if __name__ == "__main__":
    interruption.begin()

    from linreg_gui import environment

    environment.enter("app")

    from linreg_gui.__main__ import main

    sys.exit(main())
