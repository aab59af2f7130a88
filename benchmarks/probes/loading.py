"""Opens a large table in the real window, and measures how late its event loop is."""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.probes.lag import LagMeter
from benchmarks.probes.live import open_window, wait, wait_until, wait_until_prepared
from benchmarks.probes.training_run import peak_memory
from linreg_gui.data.dataset import MAX_FEATURES

SETTLE_SECONDS = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--columns", type=int, required=True)
    parser.add_argument("--kind", choices=KINDS, default="short", help="how numbers are written")
    parser.add_argument("--plain", action="store_true", help="only time pandas")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linreg-benchmark-") as folder:
        file = Path(folder, "table.csv")
        kind = KINDS[options.kind]
        write_table(file, options.rows, options.columns, kind)
        print(json.dumps(read_alone(file, kind) if options.plain else open_table(file)))


class Kind(NamedTuple):
    """How numbers are written, and what pandas has to know about it."""

    number: str
    reading: dict[str, Any]
    row_with_more: int = 0


KINDS = {
    "short": Kind("{:.6g}", {}),
    "long": Kind("{!r}", {}),
    "quoted": Kind('"{:,.6f}"', {"thousands": ","}),
    "ragged": Kind("{:.6g}", {"on_bad_lines": "skip"}, 10),
}
"""With six digits, with all of them, with separators, and with a cell more in some rows."""


def write_table(file: Path, rows: int, columns: int, kind: Kind) -> None:
    """Write numbers; the last column is a sum of the others."""
    line = ",".join([kind.number] * columns)
    with file.open("w", encoding="utf-8") as table:
        print(",".join(f"x{index}" for index in range(columns)), file=table)
        for first in range(0, rows, 10_000):
            values = np.random.default_rng(first).normal(size=(min(10_000, rows - first), columns))
            values[:, -1] = values[:, :-1].sum(axis=1)
            if kind is KINDS["quoted"]:
                values *= 1e5
            for number, row in enumerate(values.tolist()):
                more = ",a note" if kind.row_with_more and not number % kind.row_with_more else ""
                print(f"{line.format(*row)}{more}", file=table)


def read_alone(file: Path, kind: Kind) -> dict[str, float]:
    start, busy = time.perf_counter(), time.process_time()
    import pandas as pd  # the window imports it too when the first table is opened

    pd.read_csv(file, **kind.reading)
    return {
        "read_seconds": time.perf_counter() - start,
        "read_processor_seconds": time.process_time() - busy,
    }


def open_table(file: Path) -> dict[str, object]:
    application, window = open_window()
    controller = window.controller
    wait_until_prepared(controller)
    wait(SETTLE_SECONDS)
    meter = LagMeter()
    dialog = window.session.tables.dialog
    table_import = dialog.table_import

    meter.start()
    start, busy = time.perf_counter(), time.process_time()
    window.session.tables.open(file)
    wait_until(table_import.changed, lambda: table_import.dialect is not None)
    meter.stop()
    opening = list(meter.lags)
    meter.start()
    wait_until(table_import.changed, lambda: not table_import.is_reading)
    read_seconds = time.perf_counter() - start
    read_processor_seconds = time.process_time() - busy
    assert table_import.table is not None, table_import.complaint
    columns = table_import.table.columns
    features = set(range(min(len(columns) - 1, MAX_FEATURES)))
    dialog.chooser.show_columns(columns, features, len(columns) - 1)
    dialog.chooser.choice_changed.emit()
    wait_until(table_import.chosen, dialog.use.isEnabled)
    start = time.perf_counter()
    dialog.use.click()
    wait_until(controller.run_prepared, lambda: controller.settings.data is not None)
    wait_until(controller.run_prepared, lambda: controller.current_run is not None)
    use_seconds = time.perf_counter() - start
    meter.stop()
    loading = list(meter.lags)
    meter.start()
    wait(SETTLE_SECONDS)
    meter.stop()
    window.close()
    application.processEvents()
    return {
        "read_seconds": read_seconds,
        "read_processor_seconds": read_processor_seconds,
        "use_seconds": use_seconds,
        "opening": opening,
        "loading": loading,
        "showing": meter.lags,
        "peak_mb": peak_memory() / 1e6,
    }


if __name__ == "__main__":
    main()
