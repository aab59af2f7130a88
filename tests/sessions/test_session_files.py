"""Session files: each kind of fault is one sentence, and what was saved once opens for good."""

import hashlib
import io
import json
import os
import struct
import zipfile
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from linreg_gui.lessons.answers import PageAnswer, Result
from linreg_gui.lessons.progress import read_lesson
from linreg_gui.lessons.saved_drafts import read_draft
from linreg_gui.sessions.archive import Archive, ArchiveError, ArchiveWriter, Bounds
from linreg_gui.sessions.fields import Fields
from linreg_gui.sessions.session_file import writing_session
from linreg_gui.sessions.state import SessionState
from linreg_gui.settings import Engine
from tests.fuzz.session_damage import SESSIONS, parts_of, zipped
from tests.fuzz.session_reading import fault_of_session, going_on
from tests.pseudo_languages import spoken
from tests.saved_sessions import read, same, write
from tests.support import needs_full_disk, needs_posix, run_python

DRAWN, LESSON, MEASURED, SWEPT, TEACHING, TOLD = (file.read_bytes() for file in SESSIONS)


def changed(name: str, content: bytes = DRAWN, **values: object) -> bytes:
    """Return a session with other values in one of its parts."""
    parts = parts_of(content)
    text = json.dumps(json.loads(parts[name]) | values)
    return zipped(parts | {name: text.encode()})


def refusal(content: bytes, folder: Path) -> str:
    file = folder / "my session.linreg"
    file.write_bytes(content)
    with pytest.raises(ArchiveError) as caught:
        read(file)
    return str(caught.value)


@pytest.mark.parametrize("file", SESSIONS, ids=lambda file: file.stem)
def test_files_of_each_format_open_for_good(file: Path, tmp_path: Path) -> None:
    state = read(file)
    going_on(state)
    again = write(tmp_path / file.name, state)
    assert same(read(again), state)


def test_the_fixtures_hold_what_was_saved() -> None:
    drawn, in_lesson, measured, swept, teaching, _ = map(read, SESSIONS)
    assert drawn.view == {"playhead": 7, "panel": "runs"}
    assert drawn.run is not None
    assert drawn.run.trajectory.step == 11
    assert [change.step for change in drawn.run.trajectory.rate_changes] == [6]
    assert [kept.name for kept in drawn.kept] == ["", "Too fast"]
    assert drawn.predictions is not None
    assert drawn.predictions.prediction.end == 2.0
    assert drawn.guesses is not None
    assert [guess.name for guess in drawn.guesses.kept] == ["Ada"]
    assert drawn.sweep is None
    assert swept.sweep is not None
    assert (swept.sweep.name, swept.sweep.values) == ("learning_rate", (0.01, 0.5, 900.0))
    assert [point.diverged for point in swept.sweep.points] == [False, False, True]
    assert in_lesson.lesson is not None
    lesson, progress = read_lesson(in_lesson.lesson)
    assert (lesson.title, progress.index, progress.person) == ("Growth", 2, "Ada")
    assert progress.pages[1].answer == PageAnswer("Say it", "the bias", Result.WRONG, 61)
    assert in_lesson.lesson.window.settings.data is lesson.config(0).data
    assert teaching.run is not None
    assert teaching.run.trajectory.step == 6
    assert teaching.lesson is not None
    assert teaching.lesson.window.run is not None
    assert teaching.lesson.window.run.trajectory.step == 3
    assert teaching.lesson.window.view == {"picture": "loss"}
    assert teaching.draft is not None
    draft = read_draft(teaching.draft)
    assert (draft.title, [page.title for page in draft.pages]) == ("Growth", ["Page 1", "Page 2"])
    assert draft.settings == {"examples": 12, "engine": Engine.INSTANT}
    data = measured.settings.data
    assert data is not None
    assert data.edited is not None
    assert data.edited.words == "1 moved, 1 added, 1 removed"
    assert data.edited.original.feature_names == ("größe, (cm)", "=1+1")


def test_a_french_session_speaks_the_language_of_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.linreg").write_bytes(TOLD)
    (tmp_path / "plain.linreg").write_bytes(without_tellings(TOLD))
    french, english = (said(read(tmp_path / name)) for name in ("plain.linreg", "a.linreg"))
    assert french[0].startswith("Lignes ignorées")
    assert french[1].startswith("La taille de lot 2\u202f000")
    assert english[:2] == [
        "1 of 10 rows skipped: 1 has no number (line 11).",
        "Batch size 2,000 was reduced to 9: there are no more examples.",
    ]
    assert not set(french) & set(english)
    with spoken("fr"):
        assert not set(said(read(tmp_path / "a.linreg"))) & set(english)
        assert said(read(tmp_path / "plain.linreg")) == french


def said(state: SessionState) -> list[str]:
    """Return the sentences of the swept runs, of the run, the table and the log."""
    assert state.sweep is not None
    assert state.run is not None
    assert state.settings.data is not None
    assert state.predictions is not None
    messages = state.sweep.points[1].messages
    return [
        messages[0],
        messages[3],
        *state.run.messages,
        *(kept.run.outcome for kept in state.kept if kept.run.outcome),
        *state.settings.data.remarks,
        *(words for entry in state.predictions.entries for words in (entry.about, entry.idea)),
    ]


def without_tellings(content: bytes) -> bytes:
    """Return a session as an early LinReg has written it."""

    def plain(values: Any) -> Any:
        if isinstance(values, dict):
            told = {f"{name}_told" for name in values}
            return {name: plain(value) for name, value in values.items() if name not in told}
        return [plain(each) for each in values] if isinstance(values, list) else values

    parts = parts_of(content)
    for name in parts:
        if name.endswith(".json"):
            parts[name] = json.dumps(plain(json.loads(parts[name]))).encode()
    return zipped(parts)


def test_an_early_program_finds_the_settings_of_a_lesson(tmp_path: Path) -> None:
    state = next(state for state in map(read, SESSIONS) if state.lesson is not None)
    with zipfile.ZipFile(write(tmp_path / "lesson.linreg", state)) as archive:
        lesson, settings = (
            json.loads(archive.read(name)) for name in ("lesson.json", "lesson/settings.json")
        )
    assert lesson["settings"] == settings


def test_the_same_session_gives_the_same_bytes(tmp_path: Path) -> None:
    state = read(SESSIONS[0])
    files = [write(tmp_path / name, state) for name in ("a.linreg", "b.linreg")]
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    assert digests[0] == digests[1]


def test_another_locale_reads_and_writes_the_same(tmp_path: Path) -> None:
    code = "\n".join(
        [
            "from pathlib import Path",
            "from tests.saved_sessions import read, write",
            "from tests.fuzz.session_damage import SESSIONS",
            "for file in SESSIONS:",
            f"    write(Path({str(tmp_path)!r}, file.name), read(file))",
        ]
    )
    done = run_python(code, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.stderr, done.returncode) == ("", 0)
    for file in SESSIONS:
        here = write(tmp_path / "here.linreg", read(file))
        assert (tmp_path / file.name).read_bytes() == here.read_bytes()


def test_numpy_reads_the_arrays_too() -> None:
    with np.load(SESSIONS[0], allow_pickle=False) as parts:
        assert parts["run/parameters"].shape == (3, 11)


def test_messages_without_end_are_shortened(tmp_path: Path) -> None:
    file = tmp_path / "a.linreg"
    file.write_bytes(changed("run/run.json", messages=["long " * 2000] * 96))
    run = read(file).run
    assert run is not None
    assert len(run.messages) == 20
    assert max(map(len, run.messages)) <= 1000


@needs_posix("pipes among its files")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.linreg")
    with pytest.raises(ArchiveError, match="a device or a pipe"):
        read(tmp_path / "pipe.linreg")


def test_an_array_shorter_than_it_claims_is_refused(tmp_path: Path) -> None:
    """Else what was in memory before would be taken for its numbers."""
    name = "run/losses.npy"
    parts = parts_of(DRAWN)
    claimed = len(parts[name])
    content = bytearray(zipped(parts | {name: parts[name][:-8]}))
    entry = content.rindex(name.encode()) - 46  # in the list of parts, at the end
    assert content[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<I", content, entry + 24, claimed)
    assert name in refusal(bytes(content), tmp_path)


def test_unknown_parts_and_values_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.linreg"
    content = changed("run/run.json", invented=[1, {"a": "b"}])
    file.write_bytes(zipped(parts_of(content) | {"notes/of mine.txt": b"hello"}))
    assert same(read(file), read(SESSIONS[0]))


WRONG = (
    "“my session.linreg” cannot be opened: “{}” in its part “{}” is missing or wrong. Use another "
)
DAMAGED = "“my session.linreg” is damaged or incomplete; use another copy of it."
OUTSIDE = "“my session.linreg” has a part that does not belong there; use another copy of it."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "“my session.linreg” is not a file of LinReg, or it is damaged."),
        (b"x,y\n1,2\n", "“my session.linreg” is not a file of LinReg, or it is damaged."),
        (DRAWN[:-100], DAMAGED),
        (DRAWN[:30] + b"?" + DRAWN[31:], DAMAGED),
        (zipped({}), "“my session.linreg” lacks its part “session.json”; use another copy of it."),
        (
            changed("session.json", format=2, later={"a": 1}),
            "“my session.linreg” was saved by a newer LinReg; open it with that one.",
        ),
        (changed("settings.json", epochs="2"), WRONG.format("epochs", "settings.json")),
        (changed("settings.json", epochs=0), WRONG.format("epochs", "settings.json")),
        (changed("settings.json", noise_std=1e400), ""),
        (changed("settings.json", data=99), WRONG.format("data", "settings.json")),
        (changed("run/run.json", stride=0), WRONG.format("stride", "run/run.json")),
        (changed("run/run.json", planned_epochs=1), WRONG.format("planned_epochs", "run/run.json")),
        (changed("run/run.json", state="running"), WRONG.format("state", "run/run.json")),
        (changed("guesses.json", line=[[1]]), WRONG.format("line", "guesses.json")),
        (changed("lesson.json", LESSON, progress=[]), WRONG.format("progress", "lesson.json")),
        (changed("lesson.json", LESSON, tables=[7]), WRONG.format("tables", "lesson.json")),
        (
            changed("lesson/settings.json", TEACHING, epochs=0),
            WRONG.format("epochs", "lesson/settings.json"),
        ),
        (changed("lesson.json", TEACHING, kept_runs=2), "lacks its part “lesson/kept/2/run.json”"),
        (changed("draft.json", TEACHING, settings=[3]), WRONG.format("settings", "draft.json")),
        (changed("sweep.json", SWEPT, setting="engine"), WRONG.format("setting", "sweep.json")),
        (changed("sweep.json", SWEPT, setting="size"), WRONG.format("setting", "sweep.json")),
        (changed("sweep.json", SWEPT, values=[3, 2, 1]), WRONG.format("values", "sweep.json")),
        (changed("sweep.json", SWEPT, values=[0.1]), WRONG.format("points", "sweep.json")),
        (
            changed("view.json", deep=json.loads("[" * 50 + "]" * 50)),
            "its part “view.json” is wrong",
        ),
        (zipped(parts_of(DRAWN) | {"../evil": b""}), OUTSIDE),
        (zipped(parts_of(DRAWN) | {"/evil": b""}), OUTSIDE),
        (zipped(parts_of(DRAWN) | {"a\\..\\evil": b""}), OUTSIDE),
    ],
)
def test_each_fault_is_one_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    assert sentence in refusal(content, tmp_path)


def test_a_part_is_never_unpacked_beyond_what_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "bomb.linreg"
    file.write_bytes(zipped({"session.json": bytes(50_000_000)}))
    assert file.stat().st_size < 100_000
    with pytest.raises(ArchiveError, match="is wrong"), Archive(file) as archive:
        archive.read("session.json")
    with pytest.raises(ArchiveError, match="too large: more than 10 MB unpacked"):
        Archive(file, Bounds(total_bytes=10_000_000))
    # A size that is a lie: no more than it says comes out, and then the checksum is wrong.
    content = file.read_bytes()
    file.write_bytes(content.replace(struct.pack("<I", 50_000_000), struct.pack("<I", 1000)))
    with pytest.raises(ArchiveError, match="damaged"), Archive(file) as archive:
        archive.read("session.json")


def test_names_that_come_twice_are_refused(tmp_path: Path) -> None:
    content = io.BytesIO(DRAWN)
    with (
        ZipFile(content, "a", ZIP_DEFLATED) as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("run/run.json", b"{}")
    assert OUTSIDE in refusal(content.getvalue(), tmp_path)


def test_what_cannot_be_read_at_all_is_one_sentence(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nothing.linreg"):
        with pytest.raises(ArchiveError, match="cannot be read: "):
            read(place)


def test_more_than_can_be_opened_is_not_written(tmp_path: Path) -> None:
    sentence = r"There is too much to save: more than 1 MB\."
    with (
        ArchiveWriter(tmp_path / "a", Bounds(total_bytes=1_000_000)) as archive,
        pytest.raises(ArchiveError, match=sentence),
    ):
        archive.add("a", bytes(2_000_000))


@needs_posix("line breaks in names of files")
def test_a_name_for_the_archive_and_its_parts_may_be_any(tmp_path: Path) -> None:
    file = tmp_path / "a\nb\u202e.zip"
    with ArchiveWriter(file) as writer:
        writer.add("lesson.md", "# Ü".encode())
        writer.add("data/größe.csv", b"x")
    with Archive(file) as archive:
        assert archive.parts == {"lesson.md": 4, "data/größe.csv": 1}
        assert archive.read_text("lesson.md") == "# Ü"
        assert str(archive.wrong("x")).startswith("“a b.zip” cannot be opened")


def test_a_sentence_of_ours_keeps_its_blanks_and_any_other_is_cleaned() -> None:
    fields = Fields({"ours": "13\u00a0% off", "foreign": "13\u00a0%\n off"})
    assert fields.sentence("ours") == "13\u00a0% off"
    assert fields.sentence("foreign") == "13 % off"


def test_mutated_files_are_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    faults = {seed: fault_of_session(seed, tmp_path) for seed in range(300)}
    assert {seed: fault for seed, fault in faults.items() if fault} == {}


@needs_full_disk
def test_a_full_disk_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match="No space left"):
        for _ in writing_session(Path("/dev/full"), read(SESSIONS[0])):
            pass
