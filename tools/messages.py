"""Collect the texts of every app, name those without English, and compile the catalogues.

Texts stand in the code in Chinese; their English stands in each app's
``locale/en/LC_MESSAGES/django.po``. ``python tools/messages.py [APP…]`` updates
those apps' catalogues (all without a name) and compiles; ``--check`` only reports,
with exit code 1 when English is missing or a text stands nowhere any more;
``--compile`` only compiles.

``web/locale/zh_Hans`` is kept by hand: plainer Chinese for the few texts of
Django and allauth that our pages show.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent / "src" / "yishi"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
HEADER = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
Text = tuple[str, str | None, str | None]  # msgid, plural, context


def in_python(tree: ast.AST) -> Iterator[Text]:
    """Texts passed to the gettext functions."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name not in CALLS or not words:
            continue
        if name.startswith("pgettext"):
            yield words[1], None, words[0]
        elif name.startswith("ngettext"):
            yield words[0], words[1], None
        else:
            yield words[0], None, None


def in_template(source: str) -> Iterator[Text]:
    """Texts of ``{% translate %}``, ``{% blocktranslate %}`` and ``_("…")`` in a template."""
    from django.utils.translation.template import templatize

    for found in re.finditer(
        r"(?:n?p?gettext|(?<![\w.])_)\((?:[^()]|'(?:\\'|[^'])*'|\"(?:\\\"|[^\"])*\")*\)", templatize(source)
    ):
        call = found.group().replace("(u'", "('").replace(", u'", ", '")
        try:
            yield from in_python(ast.parse(call))
        except SyntaxError:
            continue


def texts_of(app: Path) -> dict[Text, str]:
    """Every text of an app with the first place where it stands."""
    found: dict[Text, str] = {}
    for file in sorted(app.rglob("*.py")):
        if "migrations" not in file.parts:
            for text in in_python(ast.parse(file.read_text(encoding="utf-8"))):
                found.setdefault(text, str(file.relative_to(SOURCE)))
    for file in sorted(p for kind in ("*.html", "*.txt", "*.xml") for p in app.rglob(f"templates/**/{kind}")):
        for text in in_template(file.read_text(encoding="utf-8")):
            found.setdefault(text, str(file.relative_to(SOURCE)))
    return {t: where for t, where in found.items() if re.search(r"[\u3400-\u9fff]", t[0])}


def catalogue(app: Path) -> tuple[polib.POFile, Path]:
    """An app's English catalogue, empty if there is none."""
    path = app / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110), path
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = dict(HEADER)
    return fresh, path


def key_of(entry: polib.POEntry) -> Text:
    """The text of an entry."""
    return entry.msgid, entry.msgid_plural or None, entry.msgctxt


def is_done(entry: polib.POEntry) -> bool:
    """Whether an entry has its English."""
    return bool(entry.msgstr_plural.get(0) and entry.msgstr_plural.get(1)) if entry.msgid_plural else bool(entry.msgstr)


def apps() -> list[Path]:
    """Folders that are Django apps."""
    return sorted(p.parent for p in SOURCE.glob("*/apps.py"))


def known() -> dict[Text, polib.POEntry]:
    """Every translated text of the whole house: an app need not translate what another did."""
    entries = [e for app in apps() for e in catalogue(app)[0] if is_done(e) and not e.obsolete]
    return {key_of(e): e for e in entries}


def missing() -> dict[str, list[Text]]:
    """Texts without English, by app."""
    done, lacking = known(), defaultdict(list)
    for app in apps():
        lacking[app.name] = [t for t in texts_of(app) if t not in done]
    return {name: texts for name, texts in lacking.items() if texts}


def standing() -> set[Text]:
    """Every text of the whole house."""
    return {text for app in apps() for text in texts_of(app)}


def forgotten() -> dict[str, list[str]]:
    """Texts with English that no longer stand anywhere, by app."""
    stand = standing()
    found = {app.name: [e.msgid for e in catalogue(app)[0] if key_of(e) not in stand] for app in apps()}
    return {name: texts for name, texts in found.items() if texts}


def update(app: Path, done: dict[Text, polib.POEntry], stand: set[Text]) -> None:
    """Add an app's new texts to its catalogue and drop those that no longer stand anywhere."""
    found = texts_of(app)
    po, path = catalogue(app)
    po[:] = [e for e in po if key_of(e) in stand]
    have = {key_of(e) for e in po}
    for text in found:
        if text not in have and text not in done:
            plural = {0: "", 1: ""} if text[1] else {}
            po.append(polib.POEntry(msgid=text[0], msgid_plural=text[1] or "", msgctxt=text[2], msgstr_plural=plural))
    if found or path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        po.sort(key=lambda e: e.msgid)
        po.save(str(path))


def compile_all() -> None:
    """Write the ``.mo`` files that Django reads."""
    for path in SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def main() -> int:
    """Run the command; returns its exit code."""
    if "--check" not in sys.argv and "--compile" not in sys.argv:
        done, stand, named = known(), standing(), [a for a in sys.argv[1:] if not a.startswith("-")]
        for app in apps():
            if not named or app.name in named:
                update(app, done, stand)
    if "--check" not in sys.argv:
        compile_all()
    if "--compile" in sys.argv:
        return 0
    lacking = missing()
    for name, texts in lacking.items():
        print(f"{name}: {len(texts)} without English")
        for text in texts:
            print(f"    {text[0]}")
    over = forgotten()
    for name, left in over.items():
        print(f"{name}: {len(left)} that stand nowhere any more")
        for words in left:
            print(f"    {words}")
    return 1 if lacking or over else 0


if __name__ == "__main__":
    raise SystemExit(main())
