"""The built assets: small enough for a slow phone, complete, and nobody else's."""

import gzip
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src/yishi/web/static/built"
FIRST_LOAD = ("app.css", "app.js", "icons.svg", "mark.svg")
KIB = 1024


def tool() -> ModuleType:
    """tools/build_assets.py."""
    spec = importlib.util.spec_from_file_location("build_assets", ROOT / "tools/build_assets.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_current() -> bool:
    """Whether the built files are those of the templates as they stand."""
    builder = tool()
    return bool(builder.is_current(builder.digest_of_inputs()))


built = pytest.mark.skipif(
    not (BUILT / "app.css").exists(), reason="assets are not built (python tools/build_assets.py)"
)


def weight(data: bytes) -> int:
    return len(gzip.compress(data, 9))


@built
@pytest.mark.django_db
def test_the_first_load_of_the_home_page_is_light(client: Client):
    page = weight(client.get("/").content)
    total = page + sum(weight((BUILT / name).read_bytes()) for name in FIRST_LOAD)
    assert total <= 60 * KIB, f"{total / KIB:.1f} KiB"


@built
def test_nothing_is_fetched_from_another_host():
    for name in ("app.css", "map.css"):
        text = (BUILT / name).read_text(encoding="utf-8")
        assert re.findall(r"url\((?![\"']?(?:data:|#))[^)]*\)", text) == []
    assert "sourceMappingURL" not in (BUILT / "app.js").read_text(encoding="utf-8")


@pytest.mark.skipif(not is_current(), reason="templates changed since the assets were built (tools/build_assets.py)")
def test_every_icon_of_the_templates_is_in_the_sprite():
    sprite = (BUILT / "icons.svg").read_text(encoding="utf-8")
    there = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = {
        name
        for page in (ROOT / "src/yishi").rglob("*.html")
        for name in re.findall(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""", page.read_text(encoding="utf-8"))
    }
    assert used - there == set()


@built
def test_the_icons_of_the_app_are_images_of_the_size_they_claim():
    for name, size in (
        ("mark-32", 32),
        ("mark-180", 180),
        ("mark-192", 192),
        ("mark-512", 512),
        ("mark-maskable", 512),
    ):
        head = (BUILT / f"{name}.png").read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")) == (size, size)


def test_the_lock_names_no_host_but_npm():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    hosts = {str(p["resolved"]).split("/")[2] for p in lock["packages"].values() if "resolved" in p}
    assert hosts <= {"registry.npmjs.org"}
    assert all("integrity" in p for name, p in lock["packages"].items() if name)


def test_the_build_is_repeated_only_when_an_input_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    builder = tool()
    assets = tmp_path / "src/yishi/web/assets"
    assets.mkdir(parents=True)
    page = tmp_path / "src/yishi/web/page.html"
    page.write_text("a")
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    for name, value in {
        "ROOT": tmp_path,
        "SOURCE": tmp_path / "src/yishi",
        "ASSETS": assets,
        "BUILT": tmp_path / "built",
    }.items():
        monkeypatch.setattr(builder, name, value)
    monkeypatch.setattr(builder, "STAMP", tmp_path / "built/.inputs")
    monkeypatch.setattr(builder, "LOCK", tmp_path / "package-lock.json")
    before = builder.digest_of_inputs()
    assert not builder.is_current(before)
    (tmp_path / "built").mkdir()
    for name in builder.OUTPUTS:
        (tmp_path / "built" / name).write_text("x")
    builder.STAMP.write_text(before)
    assert builder.is_current(builder.digest_of_inputs())
    page.write_text("b")
    assert not builder.is_current(builder.digest_of_inputs())
