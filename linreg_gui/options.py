"""What the command line asks for. Without arguments nothing is read, so that a start is quick."""

from dataclasses import dataclass
from pathlib import Path

from linreg_gui.settings import DEFAULTS, TrainingConfig

BAD_INPUT = 2
"""Exit code for what the user gave and the program cannot use."""

INTERRUPTED = 130
"""Exit code after Ctrl-C."""


class OptionError(ValueError):
    """An option that cannot be used; its text is one sentence for the user."""


@dataclass(frozen=True)
class TableRequest:
    """Which columns of which file to train on.

    Attributes
    ----------
    file : Path
        The table.
    features : tuple of str
        Names of columns; empty for those that are proposed.
    target : str
        The name of a column; likewise.
    """

    file: Path
    features: tuple[str, ...]
    target: str

    @property
    def names_columns(self) -> bool:
        """Return whether nobody has to be asked which columns are meant."""
        return bool(self.features or self.target)


@dataclass(frozen=True)
class Options:
    """What the command line asks for.

    Attributes
    ----------
    batch : Path or None
        Train without a person and write into this folder.
    config : TrainingConfig
        The settings to begin with, but for the table.
    table : TableRequest or None
        What to train on instead of drawn examples.
    install_desktop_entry : bool
        Write the desktop entry and do nothing else.
    """

    batch: Path | None
    config: TrainingConfig
    table: TableRequest | None
    install_desktop_entry: bool


def parse_options(arguments: list[str]) -> Options:
    """Read the command line; print and exit for ``--help`` and ``--version``.

    Raises
    ------
    OptionError
        With a sentence for the user.
    """
    if not arguments:
        return Options(None, DEFAULTS, None, install_desktop_entry=False)
    from linreg_gui.command_line import read_options  # noqa: PLC0415 - a start by double click has none

    return read_options(arguments)
