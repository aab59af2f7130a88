"""How long a large table takes to load, and whether the window waits for it."""

from collections.abc import Iterator, Sequence

from benchmarks.effort import Effort
from benchmarks.figures import Figure, Goal, median_of, percentile, ratio_of, worst_of
from benchmarks.processes import Measured, alternate, run_module

COLUMNS = 10

_NOTE = (
    "{rows:,} rows of {columns} numbers with six digits, opened in the window as a person would: "
    "read, chosen and prepared; each sample is one process."
)
_LAG_NOTE = (
    "Of the GUI thread, from the start of reading until the run is prepared, at moments fixed "
    "beforehand, 4 ms apart."
)
_ONCE_NOTE = (
    "Once, whatever the number of rows: the first paint of the preview; pictures and rows for the "
    "new number of features."
)
_PLAIN_NOTE = "pandas.read_csv alone, with its import, on the same file, in its own process."
_RATIO_NOTE = (
    "Time of the processor, so that other programs do not count; the window's paints and the import"
    " of pandas do."
)
WIDTHS = (3, 100, 1000)
"""Columns of tables with a tenth of the rows, or a hundredth: few, many, and most."""

KINDS = {
    "long": "numbers of 16 to 18 digits",
    "quoted": "quoted numbers with thousands separators",
    "ragged": "rows of which every tenth is too long",
}
"""Of tables with ten columns and a tenth of the rows."""


def measure(effort: Effort) -> Iterator[Figure]:
    size = ("--rows", effort.many_examples, "--columns", COLUMNS)
    window, plain = _alternate(effort, *size)
    note = _NOTE.format(rows=effort.many_examples, columns=COLUMNS)
    reading = [run["read_seconds"] for run in window]
    yield median_of("a large table is read", "s", reading, None, note)
    using = [run["use_seconds"] for run in window]
    yield median_of("settings for it are found, and it is prepared", "s", using, None, note)
    alone = [run["read_seconds"] for run in plain]
    yield median_of("pandas reads it alone", "s", alone, None, _PLAIN_NOTE)
    yield _ratio(f"{COLUMNS} columns", window, plain)
    for columns in WIDTHS:
        rows = effort.many_examples // max(10, columns // 10)
        yield _ratio(
            f"{columns} columns", *_alternate(effort, "--rows", rows, "--columns", columns)
        )
    for kind, words in KINDS.items():
        ten_columns = ("--rows", effort.many_examples // 10, "--columns", COLUMNS)
        yield _ratio(words, *_alternate(effort, *ten_columns, "--kind", kind))
    lags = [sorted(1000 * lag for lag in run["loading"]) for run in window]
    p99s = [percentile(each, 99) for each in lags]
    name = "event loop lag while a large table is loaded"
    yield median_of(f"{name}, p99", "ms", p99s, Goal(10), _LAG_NOTE)
    yield worst_of(f"{name}, max", "ms", [*map(max, lags)], None, _LAG_NOTE)
    for when, words in (("opening", "as the preview opens"), ("showing", "as the run is shown")):
        most = [1000 * max(run[when]) for run in window]
        yield worst_of(f"event loop lag {words}, max", "ms", most, None, _ONCE_NOTE)
    peaks = [run["peak_mb"] for run in window]
    yield median_of("peak memory with a large table", "MB", peaks, None, note)


def _alternate(effort: Effort, *size: object) -> Sequence[list[Measured]]:
    return alternate(
        min(effort.repeats, 3),
        lambda: run_module("probes.loading", *size),
        lambda: run_module("probes.loading", "--plain", *size),
    )


def _ratio(words: str, window: list[Measured], plain: list[Measured]) -> Figure:
    reading, alone = ([run["read_processor_seconds"] for run in side] for side in (window, plain))
    name = f"reading {words} in the window / pandas alone"
    return ratio_of(name, reading, alone, Goal(3), _RATIO_NOTE)
