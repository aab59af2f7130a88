"""Texts are marked so that they can be translated: whole, as literals, and looked up when shown."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support import ROOT

MARKS = {"tr": 1, "trn": 2, "trc": 2}
"""The functions that look a text up, and how many literal texts each has first."""

OF_VARIABLES = {"linreg_gui/prose.py"}
"""Where a text that is no literal is looked up: it was extracted from Markdown."""

OF_TEXT = {
    "committed", "corrected", "language_wanted", "picture_wanted", "setting_chosen",
    "setting_wanted",
}  # fmt: skip
"""Signals of ``str``: with a name, or with what a person has typed."""

_PLACE = re.compile(r"\{[^{}]*\}")
_SIGNAL_OF_TEXT = re.compile(r"(\w+) = Signal\([^)]*\bstr\b")
_CHANGES = {"capitalize", "casefold", "lower", "swapcase", "title", "upper"}


def test_texts_are_marked_so_that_they_can_be_translated() -> None:
    files = sorted((ROOT / "linreg_gui").rglob("*.py"))
    assert len(files) > 200
    calls = [call for file in files for call in _calls(ast.parse(file.read_text("utf-8")))]
    alone = {_first(call) for name, call in calls if name == "tr"} - {""}
    counting = {_first(call) for name, call in calls if name == "trn"}
    assert alone & counting == set()  # a catalogue has each text once
    assert [line for file in files for line in complaints(file)] == []


def test_sentences_travel_in_signals_of_objects_so_that_they_can_be_told_again() -> None:
    files = (ROOT / "linreg_gui").rglob("*.py")
    signals = {name for file in files for name in _SIGNAL_OF_TEXT.findall(file.read_text("utf-8"))}
    assert signals == OF_TEXT


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("def f(): return tr(text)", "not a literal"),
        ("def f(): return tr(f'{n} steps')", "not a literal"),
        ("def f(): return trn('{n} step', steps, n)", "not a literal"),
        ("title = tr('Run')", "when the module is imported"),
        ("class A:\n    title = tr('Run')", "when the module is imported"),
        ("def f(title=tr('Run')): ...", "when the module is imported"),
        ("def f(): return tr(' and ')", "is a piece"),
        ("def f(): return tr(', the last with {n}')", "is a piece"),
        ("def f(): return tr('Stop') + 'ped'", "is glued"),
        ("def f(): return 'a ' + tr('picture').format(n=1)", "is glued"),
        ("def f(x): x += ' ' + tr('It ends.')", "follows a blank"),
        ("def f(): return f'{n} {tr('steps')}s'", "is glued"),
        ("def f(): return tr('Run').lower()", "is changed"),
        ("def f(): return trn('a step', '{count} steps', n)", "other places"),
    ],
)
def test_what_cannot_be_translated_is_found(code: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(code.replace("f'{n} {tr('steps')}s'", "f\"{n} {tr('steps')}s\""), "utf-8")
    assert any(complaint in line for line in complaints(file))


def test_what_can_be_is_not(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        "words = lambda: tr('Run')\n"
        "def f(n): return f'{tr(\"It ends.\")} · ' + trn('{n} row', '{n} rows', n).format(n=n)\n",
        "utf-8",
    )
    assert list(complaints(file)) == []


def complaints(file: Path) -> Iterator[str]:
    """Yield a line for each text of a module that translators could not translate."""
    tree = ast.parse(file.read_text("utf-8"))
    name = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name
    found = [
        *_of_calls(tree, name),
        *((call, "is looked up when the module is imported") for call in _at_import(tree)),
        *_glued(tree),
    ]
    for node, complaint in found:
        yield f"{name}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)[:80]} {complaint}"


def _of_calls(tree: ast.AST, name: str) -> Iterator[tuple[ast.AST, str]]:
    for call in filter(_is_mark, ast.walk(tree)):
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Name)
        texts = [
            each.value
            for each in call.args[: MARKS[call.func.id]]
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        if len(texts) < MARKS[call.func.id]:
            if name not in OF_VARIABLES:
                yield call, "is not a literal"
            continue
        if any(re.search(r"^[\s,;.:)]|\s$", text) for text in texts):
            yield call, "is a piece of a sentence"
        if call.func.id == "trn" and len({tuple(_PLACE.findall(text)) for text in texts}) > 1:
            yield call, "has other places for one than for many"


def _at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what is looked up outside of functions, and so in the language of the start."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                parts: list[ast.AST] = [*node.decorator_list, *node.args.defaults]
                parts += [each for each in node.args.kw_defaults if each is not None]
                yield from (each for part in parts for each in _at_import(_holding(part)))
            case ast.Lambda():
                pass
            case _:
                if _is_mark(node):
                    yield node
                yield from _at_import(node)


def _holding(part: ast.AST) -> ast.AST:
    assert isinstance(part, ast.expr)
    return ast.Expr(part)


def _glued(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield texts that are changed, or that stand beside letters in one string."""
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=values):
                parts = [v.value if isinstance(v, ast.FormattedValue) else v for v in values]
                for before, after in pairwise(parts):
                    if _touch(before, after):
                        yield node, "is glued to letters"
            case ast.BinOp(left=left, right=right, op=ast.Add()):
                if _touch(left, right):
                    yield node, "is glued to letters"
                if isinstance(left, ast.Constant) and left.value == " " and _is_text(right):
                    yield node, "follows a blank, which some languages have not: use paragraph()"
            case ast.Call(func=ast.Attribute(value=value, attr=method)):
                if method in _CHANGES and _is_text(value):
                    yield node, "is changed"


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _is_mark(node):
            yield node.func.id, node


def _first(call: ast.Call) -> str:
    return str(call.args[0].value) if isinstance(call.args[0], ast.Constant) else ""


def _is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS


def _is_text(node: ast.AST) -> bool:
    """Return whether ``node`` is a text that was looked up, its places filled or not."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _is_text(value)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_text(body) or _is_text(orelse)
    return _is_mark(node)


def _touch(before: ast.AST, after: ast.AST) -> bool:
    """Return whether one is a text, and the other one has letters in its line.

    What a text comments on is code, and endings of files are no words.
    """
    match before, after:
        case ast.Constant(value=str(words)), _ if _is_text(after):
            line = words.rpartition("\n")[2].rpartition("#")[2]
        case _, ast.Constant(value=str(words)) if _is_text(before):
            line = re.sub(r"\*\.\w+", "", words.partition("\n")[0])
        case _:
            return False
    return bool(re.search(r"[^\W\d_]", line))
