"""Runs first in the packaged program."""

import os

from linreg_gui import interruption

interruption.begin()
# PyInstaller's starter has added our folder. A browser or a tool of the desktop that we start would
# load our libraries from there.
former = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if former is None:
    os.environ.pop("LD_LIBRARY_PATH", None)
else:
    os.environ["LD_LIBRARY_PATH"] = former
