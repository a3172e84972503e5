"""Knowledge flows down only, through the doors: services, selectors, rules."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yishi"
APPS = {p.parent.name for p in SOURCE.glob("*/apps.py")} - {"core", "web", "api"}
DOORS = {"services", "selectors", "rules", "viewers", "events"}
WIRING = {"config", "commands", "cli", "__init__"}


def test_every_folder_has_its_place_in_the_layers() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    placed = {name.strip().removeprefix("yishi.") for line in contract["layers"] for name in line.split("|")}
    folders = {p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"} | {"cli"}
    assert folders == placed


def test_the_maps_of_the_house_and_of_core_are_whole() -> None:
    house = (ROOT / "docs" / "start-here.md").read_text(encoding="utf-8").split("```")[1]
    drawn = {name for line in house.splitlines() for name in re.findall(r"[a-z]+", line[:29])}
    assert drawn == {p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"} | {"cli"}
    rows = re.findall(r"^\| (`.+?`) \|", (ROOT / "docs" / "core.md").read_text(encoding="utf-8"), re.MULTILINE)
    rooms = {p.stem for p in (SOURCE / "core").glob("*.py")} | {
        p.parent.name for p in (SOURCE / "core").glob("*/__init__.py")
    }
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == rooms - {
        "__init__",
        "apps",
        "models",
        "migrations",
    }


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [n for n in tree.body if not (isinstance(n, ast.If) and "TYPE_CHECKING" in ast.dump(n.test))]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{a.name}" for a in node.names}
    return {f for f in found if f.startswith("yishi.")}


def test_another_app_is_entered_by_its_doors_only() -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        home = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if home in WIRING or "migrations" in path.parts or "demo" in path.stem or "demo" in path.parts:
            continue
        for name in imports(path):
            parts = name.split(".")
            doors = DOORS | {"api"} if home == "api" else DOORS
            if parts[1] in APPS and parts[1] != home and (len(parts) < 3 or parts[2] not in doors):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_no_hidden_clock_or_chance() -> None:
    """Time and randomness come from core/clock.py; engines take them as arguments."""
    hidden = {
        ("dt", "now"), ("datetime", "now"), ("datetime", "today"), ("date", "today"), ("dt", "today"),
        ("timezone", "now"), ("time", "time"), ("random", "random"), ("random", "choice"), ("secrets", "token_hex"),
    }  # fmt: skip
    allowed = {"core/clock.py", "core/secret.py", "core/pagecache.py", "core/generations.py"}
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        place = str(path.relative_to(SOURCE))
        if place in allowed or place.startswith(("commands/", "cli.py")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = getattr(owner, "id", getattr(owner, "attr", ""))
                if (name, node.func.attr) in hidden:
                    wrong.append(f"{place}:{node.lineno} {name}.{node.func.attr}()")
    assert wrong == []
