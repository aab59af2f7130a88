"""Reads and writes the files of lessons."""

from collections.abc import Generator
from dataclasses import replace
from functools import cache
from pathlib import Path

from linreg_gui.data.dataset import Dataset
from linreg_gui.file_kinds import FileKind
from linreg_gui.lessons.bundled import bundled, lesson_file
from linreg_gui.lessons.markdown import MOST_LETTERS, own_tables, parse_lesson, write_lesson
from linreg_gui.lessons.pages import Lesson
from linreg_gui.pieces import at_once
from linreg_gui.prose import translated
from linreg_gui.resources import resource_path
from linreg_gui.sessions.archive import Archive, ArchiveError, ArchiveWriter, Bounds
from linreg_gui.sessions.datasets import DatasetReader, DatasetWriter
from linreg_gui.texts import quoted, reason_of, shortened, tr

SUFFIX = FileKind.LESSON.value

_MOST_BYTES = 4 * MOST_LETTERS
_LONGEST_REASON = 200
_ARCHIVE = b"PK"
_TEXT = "lesson.md"
_BOUNDS = Bounds(parts=300, total_bytes=200_000_000)


class LessonFileError(ValueError):
    """A file that is no lesson, with a sentence for the user."""


def reading_lesson(file: Path) -> Generator[None, None, Lesson]:
    """Read a lesson from a file, whatever its name, piece by piece. Nothing in it is ever run.

    A file is a text, or an archive of a text and the tables of the lesson.

    Raises
    ------
    LessonFileError
        If that is not possible.
    """
    name = quoted(file.name)
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
        tables: list[Dataset] = []
        if content.startswith(_ARCHIVE):
            content, tables = yield from _reading_archive(file)
    except ArchiveError as error:
        raise LessonFileError(str(error)) from None
    except OSError as error:
        words = tr("{file} could not be read ({reason}); choose another file.")
        raise LessonFileError(words.format(file=name, reason=reason_of(error))) from None
    if len(content) > _MOST_BYTES:
        words = tr("{file} is too large for a lesson; choose another file.")
        raise LessonFileError(words.format(file=name))
    try:
        text = content.decode("utf-8-sig")
        if file.parent != resource_path("lessons"):
            return parse_lesson(text, tables)
        return replace(parse_lesson(translated(text)), bundled=file.stem)
    except UnicodeDecodeError:
        words = tr("{file} is no lesson: it is not a text in UTF-8.")
        raise LessonFileError(words.format(file=name)) from None
    except (ValueError, RecursionError) as error:
        words = tr("{file} cannot be opened as a lesson: {reason}.")
        reason = shortened(str(error), _LONGEST_REASON).rstrip(".")
        raise LessonFileError(words.format(file=name, reason=reason)) from None


def in_language_of_now(lesson: Lesson) -> Lesson:
    """Return a lesson of the program in the language that is spoken now; any other as it is."""
    return at_once(reading_lesson(lesson_file(lesson.bundled))) if lesson.bundled else lesson


def in_english(lesson: Lesson) -> Lesson:
    """Return a lesson of the program as it is in English; any other as it is."""
    return _english(lesson.bundled) if lesson.bundled else lesson


def known_as(lesson: Lesson, name: str) -> Lesson:
    """Return ``lesson`` as the bundled one of this name, if there is one with the same pages."""
    is_known = name in bundled() and _shape(_english(name)) == _shape(lesson)
    return replace(lesson, bundled=name) if is_known else lesson


@cache
def _english(name: str) -> Lesson:
    return parse_lesson(lesson_file(name).read_text(encoding="utf-8"))


def _shape(lesson: Lesson) -> list[tuple[object, ...]]:
    """Return what is the same in every language."""
    return [
        (page.stage, page.panel, page.controls, page.wait, page.predicts, *page.changes)
        for page in lesson.pages
    ]


def writing_lesson(file: Path, lesson: Lesson) -> Generator[float, None, None]:
    """Write a lesson with its tables, piece by piece; yield the share that is done.

    Raises
    ------
    OSError, ArchiveError
        If that is not possible.
    """
    tables = own_tables(lesson)
    with ArchiveWriter(file, _BOUNDS) as archive:
        writer = DatasetWriter(archive)
        for done, table in enumerate(tables):
            for _ in writer.writing(table):
                yield done / len(tables)
        archive.add(_TEXT, write_lesson(lesson, writer.number).encode())
    yield 1.0


def _reading_archive(file: Path) -> Generator[None, None, tuple[bytes, list[Dataset]]]:
    with Archive(file, _BOUNDS) as archive:
        reader = DatasetReader(archive)
        yield from reader.reading()
        return archive.read(_TEXT), reader.datasets
