"""Datasets as parts of an archive: what is known of them, and their examples as written.

``data/1.json`` says what the columns are. The examples are a table, ``data/1.csv``; of a large
dataset they are the arrays ``data/1-features.npy`` and ``data/1-target.npy``.
"""

import csv
import io
from collections.abc import Generator, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

import numpy as np

from linreg_gui.data.classics import is_sample
from linreg_gui.data.dataset import MAX_FEATURES, Counted, Dataset, Edited, FloatArray, Skipped
from linreg_gui.data.point_edits import Places
from linreg_gui.data.single_precision import LARGEST
from linreg_gui.sessions.archive import Archive, ArchiveWriter
from linreg_gui.sessions.arrays import DOUBLE, SINGLE, reading_array, writing_array
from linreg_gui.sessions.fields import LARGEST_WHOLE, Fields
from linreg_gui.settings import setting_of
from linreg_gui.tellings import with_tellings
from linreg_gui.texts import cleaned, spreadsheet_cell

MOST_WRITTEN = 20_000
"""Numbers in a table. It takes longer to read than an array, so a larger dataset is one."""

_ROWS_AT_ONCE = 1000


class DatasetWriter:
    """Writes each dataset once, however many settings have it. `number` gives its number then."""

    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._written: list[Dataset] = []

    def number(self, dataset: Dataset | None) -> int | None:
        """Return the number under which a dataset was written; None for none."""
        if dataset is None:
            return None
        return next(place for place, each in enumerate(self._written, 1) if each is dataset)

    def writing(self, dataset: Dataset | None) -> Generator[None, None, None]:
        """Write a dataset, unless it was written already or is None, and what it was made of."""
        if dataset is None or any(each is dataset for each in self._written):
            return
        if dataset.edited is not None:
            yield from self.writing(dataset.edited.original)
        self._written.append(dataset)
        place = f"data/{len(self._written)}"
        self._archive.add_json(f"{place}.json", self._facts(dataset))
        yield
        if dataset.size * (dataset.dimension + 1) <= MOST_WRITTEN:
            self._archive.add(f"{place}.csv", _as_table(dataset))
        else:
            yield from writing_array(self._archive, f"{place}-features.npy", dataset.features)
            yield from writing_array(self._archive, f"{place}-target.npy", dataset.target)

    def _facts(self, dataset: Dataset) -> dict[str, Any]:
        edited = dataset.edited
        return {
            **with_tellings({"name": str(dataset), "remarks": dataset.remarks}),
            "sample": dataset.sample,
            "features": dataset.feature_names,
            "target": dataset.target_name,
            "examples": dataset.size,
            "precision": dataset.target.dtype.name,
            "skipped": asdict(dataset.skipped) | {"counted": dataset.skipped.counted.name.lower()},
            "true_parameters": dataset.true_parameters,
            "noise_std": dataset.noise_std,
            "places": None if dataset.places is None else dataset.places.tolist(),
            "edited": edited
            and {
                "original": self.number(edited.original),
                "moved": edited.moved.tolist(),
                "added": edited.added.tolist(),
                "removed": edited.removed.tolist(),
            },
        }


class DatasetReader:
    """Reads the datasets of an archive: all of them, by `reading`, and then gives them.

    Raises
    ------
    ArchiveError
        From every method, if one is missing or wrong.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._read: list[Dataset] = []

    def reading(self) -> Generator[None, None, None]:
        """Read all datasets; those that others were made of come before these."""
        while (place := f"data/{len(self._read) + 1}") + ".json" in self._archive:
            facts = self._archive.read_fields(f"{place}.json")
            with self._archive.checking(f"{place}.json"):
                kind = SINGLE if facts.text("precision") == SINGLE.name else DOUBLE
                names, size = facts.texts("features"), facts.count("examples")
                if not 1 <= len(names) <= MAX_FEATURES:
                    raise facts.wrong("features")
            if f"{place}.csv" in self._archive:
                table = yield from self._reading_table(f"{place}.csv", (size, len(names) + 1))
                features: FloatArray = table[:, :-1].astype(kind)
                target: FloatArray = table[:, -1].astype(kind)
            else:
                name, shape = f"{place}-features.npy", (size, len(names))
                features = yield from reading_array(self._archive, name, kind, shape)
                name = f"{place}-target.npy"
                target = yield from reading_array(self._archive, name, kind, (size,))
            yield
            with self._archive.checking(f"{place}.json"):
                self._read.append(self._dataset(facts, names, features, target))
            yield

    @property
    def datasets(self) -> list[Dataset]:
        """Return all datasets that were read, in the order of their numbers."""
        return list(self._read)

    def get(self, facts: Fields, name: str) -> Dataset | None:
        """Return the dataset whose number is the value ``name``; None for null."""
        if not facts.has(name):
            return None
        return self._read[facts.count(name, 1, len(self._read)) - 1]

    def _dataset(
        self, facts: Fields, names: Sequence[str], features: FloatArray, target: FloatArray
    ) -> Dataset:
        skipped = facts.inside("skipped")
        counted = {each.name.lower(): each for each in Counted}.get(skipped.text("counted"))
        if counted is None:
            raise skipped.wrong("counted")
        numbers = {
            field.name: skipped.count(field.name)
            for field in fields(Skipped)
            if field.name not in {"places", "counted"}
        }
        rows = tuple(int(row) for row in skipped.numbers("places", -1))
        truth = facts.optional(
            "true_parameters", lambda name: tuple(facts.numbers(name, len(names) + 1).tolist())
        )
        noise_std = facts.optional("noise_std", facts.number)
        for name, values in (("true_bias", truth or ()), ("noise_std", (noise_std or 0.0,))):
            for value in values:
                setting_of(name).check(value)
        places = facts.optional("places", lambda name: _places(facts, name))
        if places is not None and len(places) != len(target):
            raise facts.wrong("places")
        dataset = Dataset(
            features=features,
            target=target,
            feature_names=tuple(names),
            target_name=facts.text("target"),
            name=facts.sentence("name"),
            sample=cleaned(facts.text("sample")),
            skipped=Skipped(**numbers, places=rows, counted=counted),
            remarks=facts.sentences("remarks"),
            true_parameters=truth,
            noise_std=noise_std,
            places=places,
        )
        if facts.has("edited"):
            edited = self._edited(facts.inside("edited"), dataset)
            return replace(dataset, edited=edited, sample=edited.original.sample)
        # The file may be of another person: then its word is not enough.
        return dataset if is_sample(dataset) else replace(dataset, sample="")

    def _edited(self, facts: Fields, dataset: Dataset) -> Edited:
        original = self.get(facts, "original")
        if original is None or original.dimension != dataset.dimension:
            raise facts.wrong("original")
        before = original.places_of(np.arange(original.size))
        now = dataset.places_of(np.arange(dataset.size))
        moved, added, removed = (_places(facts, name) for name in ("moved", "added", "removed"))
        for name, places, are_before, are_now in (
            ("moved", moved, True, True),
            ("added", added, False, True),
            ("removed", removed, True, False),
        ):
            is_there = np.isin(places, before), np.isin(places, now)
            if not ((is_there[0] == are_before).all() and (is_there[1] == are_now).all()):
                raise facts.wrong(name)
        return Edited(original, moved, added, removed)

    def _reading_table(
        self, name: str, shape: tuple[int, int]
    ) -> Generator[None, None, FloatArray]:
        table = np.empty(shape if shape[0] * shape[1] <= MOST_WRITTEN else (0, 0))
        rows = csv.reader(io.StringIO(self._archive.read_text(name), newline=""))
        with self._archive.checking(name):
            try:
                next(rows, None)  # the names; data/1.json has them too
                for place, row in enumerate(rows):
                    if place >= len(table) or len(row) != shape[1]:
                        raise self._archive.wrong(name)
                    table[place] = [float(cell) for cell in row]
                    if not (place + 1) % _ROWS_AT_ONCE:
                        yield
            except csv.Error:
                raise self._archive.wrong(name) from None
            is_whole = rows.line_num > shape[0] and table.shape == shape
            if not is_whole or not (np.abs(table) <= LARGEST).all():
                raise self._archive.wrong(name)
        return table


def _as_table(dataset: Dataset) -> bytes:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(map(spreadsheet_cell, (*dataset.feature_names, dataset.target_name)))
    columns = (*dataset.features.T, dataset.target)
    # The shortest numbers that read back as the same.
    table.writerows(zip(*(map(str, column) for column in columns), strict=True))
    return text.getvalue().encode("utf-8", errors="replace")


def _places(facts: Fields, name: str) -> Places:
    """Return places of examples, which must ascend."""
    numbers = facts.numbers(name, -1)
    if not ((numbers >= 0) & (numbers <= LARGEST_WHOLE) & (numbers % 1 == 0)).all():
        raise facts.wrong(name)
    places = numbers.astype(np.int64)
    if not (np.diff(places) > 0).all():
        raise facts.wrong(name)
    return places
