"""Files and functions stay small enough to be read at once. There is no list of exceptions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 500
MOST_LINES_OF_TESTS = 700
MOST_LINES_OF_FUNCTION = 60
MOST_LINES_OF_WEB = 400
DEEPEST = 4
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
DEEPER = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def python_files() -> Iterator[Path]:
    for folder in ("src", "tests", "bench", "scripts"):
        yield from (file for file in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in file.parts)


def functions(source: str) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines from `def` to the end, the docstring not counted: it should be as long as it needs to be."""
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def depth(node: ast.AST) -> int:
    """How many blocks are open at the deepest place. `elif` is no deeper than its `if`."""
    below = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*Function.__args__, ast.ClassDef)):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        below = max(below, depth(child) + (isinstance(child, DEEPER) and not is_elif))
    return below


def test_python_files_are_short() -> None:
    long = []
    for file in python_files():
        most = MOST_LINES_OF_TESTS if "tests" in file.parts else MOST_LINES
        lines = len(file.read_text().splitlines())
        if lines > most:
            long.append(f"{file.relative_to(ROOT)}: {lines} lines, at most {most}")
    assert not long, "\n".join(long)


def test_functions_are_short_and_flat() -> None:
    wrong = []
    for file in python_files():
        for function in functions(file.read_text()):
            where = f"{file.relative_to(ROOT)}:{function.lineno} {function.name}"
            if length(function) > MOST_LINES_OF_FUNCTION:
                wrong.append(f"{where}: {length(function)} lines, at most {MOST_LINES_OF_FUNCTION}")
            if depth(function) > DEEPEST:
                wrong.append(f"{where}: {depth(function)} levels deep, at most {DEEPEST}")
    assert not wrong, "\n".join(wrong)


def test_web_files_are_short() -> None:
    long = []
    for pattern in ("*.vue", "*.ts"):
        for file in sorted((ROOT / "web" / "src").rglob(pattern)):
            lines = len(file.read_text().splitlines())
            if lines > MOST_LINES_OF_WEB and not file.name.endswith(".d.ts"):  # those are generated
                long.append(f"{file.relative_to(ROOT)}: {lines} lines, at most {MOST_LINES_OF_WEB}")
    assert not long, "\n".join(long)


def test_no_file_is_a_drawer_for_everything() -> None:
    assert not [file for file in python_files() if file.name in FORBIDDEN_NAMES]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    return 1", 0),
        ("def f():\n    if a:\n        return 1\n    elif b:\n        return 2", 1),
        ("def f():\n    for a in b:\n        if a:\n            with c:\n                pass", 3),
    ],
)
def test_depth_is_measured(source: str, expected: int) -> None:
    assert depth(next(functions(source))) == expected


def test_length_leaves_out_the_docstring() -> None:
    assert length(next(functions('def f():\n    """One.\n\n    Two.\n    """\n    return 1'))) == 2
