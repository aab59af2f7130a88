"""Animations of the run: what is on the stage, step after step, as GIF or WebP."""

from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage

from linreg_gui.export.aside import done_aside
from linreg_gui.widgets.exports.drawing import empty_image, painting_on
from linreg_gui.widgets.exports.pictures import FilmWish
from linreg_gui.widgets.exports.sheets import Sheet, stage_sheet

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_MOST_WAITING = 3
"""Frames that are drawn, but not encoded yet."""
_GIF_TICK = 10
"""GIF counts time in hundredths of a second; these are its milliseconds."""

Frames = SimpleQueue[QImage | None]
"""Frames on their way to the thread that encodes them; None if there will be no more."""


def writing_film(
    window: "MainWindow", file: Path, wish: FilmWish, suffix: str
) -> Generator[float, None, str]:
    """Write an animation of what is on the stage. The playhead that people see stays where it is.

    Frames are drawn here, a picture in each piece, and encoded in a thread of their own.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    frames: Frames = SimpleQueue()
    with (
        closing(stage_sheet(window, wish.page, wish.palette(window))) as sheet,
        closing(done_aside(_encoded, frames, suffix, wish)) as encoding,
    ):
        for _ in sheet.filling():
            yield 0.0
        next(encoding)  # which begins it
        try:
            steps = np.linspace(0, sheet.last_step, wish.frames).round().astype(int).tolist()
            for index, step in enumerate(steps):
                for image in _drawing(sheet, step, wish):
                    yield index / len(steps)
                    if image is not None:
                        frames.put(image)
                while frames.qsize() >= _MOST_WAITING:
                    next(encoding)
                    yield index / len(steps)
            content = yield from encoding
        except GeneratorExit:
            with suppress(Empty):  # what nobody wants is not encoded
                while True:
                    frames.get_nowait()
            raise
        finally:
            frames.put(None)
    yield from done_aside(file.write_bytes, content)
    return ""


def _drawing(sheet: Sheet, step: int, wish: FilmWish) -> Iterator[QImage | None]:
    """Draw the frame of ``step``, a picture in each piece; yield it at last."""
    for _ in sheet.show_step(step):
        yield None
    image = empty_image(sheet.size, wish.pixels)
    with painting_on(image) as painter:
        for _ in sheet.drawing(painter):
            yield None
    yield image


def _encoded(frames: Frames, suffix: str, wish: FilmWish) -> bytes:
    """Return a file with the frames as they come, in the format of ``suffix``."""
    ticks = np.arange(wish.frames + 1) * 1000 / wish.rate / _GIF_TICK
    options: dict[str, Any] = {
        "duration": (np.diff(ticks.round()) * _GIF_TICK).astype(int).tolist(),
        "loop": 0,
    }
    if suffix == ".webp":
        options |= {"lossless": True, "method": 2, "quality": 50}  # small, and as fast as GIF
    content = BytesIO()
    _Film(frames, wish.frames).save(content, suffix[1:].upper(), save_all=True, **options)
    return content.getvalue()


class _Film(Image.Image):
    """An image whose frames come one after the other, so that they need not be all in memory."""

    def __init__(self, frames: Frames, count: int) -> None:
        super().__init__()
        self.n_frames = count
        self._frames = frames
        self._shown = -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Show ``frame``, which is the present one or the next."""
        if frame >= self.n_frames:
            raise EOFError
        if frame > self._shown:
            self._shown = frame
            image = self._frames.get()
            if image is None:
                raise EOFError
            size = image.width(), image.height()
            shown = Image.frombuffer(
                "RGB", size, bytes(image.constBits()), "raw", "BGRX", image.bytesPerLine(), 1
            )
            self._mode, self._size, self.im = shown.mode, shown.size, shown.im

    def tell(self) -> int:
        """Return which frame is shown."""
        return self._shown
