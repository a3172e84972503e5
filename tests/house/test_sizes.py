"""Small rooms: a file fits in a head, a function on a screen, a room keeps its budget."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yishi"
BUDGETS = {
    "models.py": 300, "selectors.py": 300, "permissions.py": 200, "services.py": 400, "forms.py": 200,
    "schemas.py": 200, "views.py": 300, "api.py": 300, "urls.py": 100, "admin.py": 100, "tasks.py": 100,
    "reactions.py": 100, "apps.py": 150,
}  # fmt: skip


def modules() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_no_file_outgrows_its_room() -> None:
    over = {str(p.relative_to(ROOT)): lines(p) for p in modules() if lines(p) > BUDGETS.get(p.name, 400)}
    assert over == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > 50:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def test_views_only_parse_call_and_render() -> None:
    long = {}
    for path in modules():
        if not (path.name.startswith("views") or path.parent.name == "views"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 25:
                long[f"{path.relative_to(ROOT)}:{node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    assert long == {}


def test_no_template_is_longer_than_a_page() -> None:
    found = list(SOURCE.rglob("templates/**/*.html"))
    over = {str(p.relative_to(ROOT)): lines(p) for p in found if lines(p) > 80}
    assert over == {}


@pytest.mark.parametrize("mark", ["TODO", "FIXME", "XXX", "raise NotImplementedError"])
def test_nothing_is_left_unfinished(mark: str) -> None:
    found = [str(p.relative_to(ROOT)) for p in modules() if mark in p.read_text(encoding="utf-8")]
    assert found == []


def test_nothing_large_is_in_git() -> None:
    import subprocess

    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout.split("\0")
    large = {n: (ROOT / n).stat().st_size for n in listed if n and (ROOT / n).is_file() and n not in ("uv.lock",)}
    assert {n: size for n, size in large.items() if size > 500_000} == {}
