"""The log of errors: tracebacks go to a file, and the sentence on screen names it."""

import logging
import traceback
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

from linreg_gui.texts import paragraph, tr

NAME = "linreg-gui"
"""The program's name among the user's files."""

_MOST_BYTES = 1_000_000
_FORESEEN = (MemoryError, FloatingPointError)
"""Errors of large data and numbers. The program is right, so their tracebacks help nobody."""

_logger = logging.getLogger("linreg_gui")


def open_error_log() -> None:
    """Write each logged error to ``errors.log`` from now on, in the user's folder for logs."""
    file = platformdirs.user_log_path(NAME, appauthor=False) / "errors.log"
    _logger.addHandler(
        _LogFile(file, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8", delay=True)
    )


def log_error(error: BaseException, sentence: str) -> str:
    """Log an error with its traceback. Any thread may do so.

    Returns
    -------
    str
        ``sentence``, followed by the name of the file if the traceback is in one.
    """
    if isinstance(error, _FORESEEN):
        return sentence
    # As text: a traceback object would keep what the error's functions held, on whatever thread.
    _logger.error("%s\n%s", sentence, "".join(traceback.format_exception(error)))
    for handler in _logger.handlers:
        if isinstance(handler, _LogFile) and handler.is_written:
            file = tr("Details are in {file}.").format(file=handler.baseFilename)
            return paragraph(sentence, file)
    return sentence


class _LogFile(RotatingFileHandler):
    """Makes its folder when the first error is logged.

    Attributes
    ----------
    is_written : bool
        Whether the last error is in the file.
    """

    is_written = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write an error into the file, if that is possible."""
        self.is_written = True
        super().emit(record)

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Note that it was not possible."""
        self.is_written = False

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()
