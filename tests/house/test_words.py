"""Words: English for every text, names of the field and never pinyin, nothing inline in pages."""

import ast
import re
import sys
from pathlib import Path

from pypinyin import lazy_pinyin

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yishi"
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402


def test_every_text_has_its_english() -> None:
    assert {app: [t[0] for t in texts] for app, texts in messages.missing().items()} == {}


def pinyin_of_the_glossary() -> set[str]:
    """How the field's terms would be spelt in pinyin, joined and with underscores."""
    table = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = {t for row in table.splitlines() if row.startswith("| ") for t in re.findall(r"[\u4e00-\u9fff]{2,6}", row)}
    spelt = {tuple(lazy_pinyin(term)) for term in terms}
    return {"".join(s) for s in spelt} | {"_".join(s) for s in spelt}


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {path.stem}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name.lower())
        elif isinstance(node, ast.Name):
            found.add(node.id.lower())
        elif isinstance(node, ast.arg):
            found.add(node.arg.lower())
    return found


def test_no_identifier_is_pinyin() -> None:
    forbidden = {p for p in pinyin_of_the_glossary() if len(p) > 5} - {"yishi"}
    wrong = {str(p.relative_to(ROOT)): names_in(p) & forbidden for p in SOURCE.rglob("*.py")}
    assert {path: names for path, names in wrong.items() if names} == {}


def test_pages_hold_no_script_and_no_style_of_their_own() -> None:
    wrong = []
    for path in SOURCE.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style\b|\sstyle=|\son[a-z]+=", text):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_no_page_asks_another_host() -> None:
    wrong = []
    for path in [*SOURCE.rglob("templates/**/*.html"), *SOURCE.glob("web/assets/**/*.css")]:
        text = path.read_text(encoding="utf-8")
        if re.search(r"(\bsrc\s*=|<link[^>]*\bhref\s*=|\burl\()\s*[\"']?(https?:)?//", text):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_three_words_are_never_mixed() -> None:
    """公示 is a notice, 公开 a disclosure, 公告 an announcement."""
    pairs = {"公示": "notice", "公开": "disclos", "公告": "announce"}
    wrong = []
    for app in messages.apps():
        for entry in messages.catalogue(app)[0]:
            for term, word in pairs.items():
                other = {w for t, w in pairs.items() if t != term and t not in entry.msgid}
                if entry.msgid.startswith(term) and any(w in entry.msgstr.lower() for w in other):
                    wrong.append(f"{entry.msgid}: {entry.msgstr}")
                if entry.msgid in (term,) and entry.msgstr and word not in entry.msgstr.lower() and term != "公开":
                    wrong.append(f"{entry.msgid}: {entry.msgstr}")
    assert wrong == []
