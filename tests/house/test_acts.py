"""Every URL names its policy; every act has a sentence in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from yishi.core import registry

SOURCE = Path(__file__).resolve().parents[2] / "src" / "yishi"
HAN = re.compile(r"[\u3400-\u9fff]")
NAMED = re.compile(r"^(public|signed_in|[a-z_]+\.(may|get|own|list)_[a-z_]+)$")
OTHERS = ("account/", "api/")  # allauth's own pages; the API declares its scopes and is walked by tests/api


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        place = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, place)
        else:
            yield place, entry


def test_every_url_names_its_policy() -> None:
    nameless = [
        place
        for place, entry in patterns(get_resolver())
        if not place.startswith(OTHERS) and not NAMED.match(getattr(entry.callback, "policy", ""))
    ]
    assert nameless == []


def test_named_policies_exist() -> None:
    import importlib

    missing = []
    for place, entry in patterns(get_resolver()):
        policy = getattr(entry.callback, "policy", "public")
        if "." not in policy:
            continue
        app, _, name = policy.partition(".")
        homes = ("permissions", "selectors", "files")
        modules = [importlib.import_module(f"yishi.{app}.{h}") for h in homes if list((SOURCE / app).glob(f"{h}*"))]
        if not any(hasattr(module, name) for module in modules):
            missing.append(f"{place}: {policy}")
    assert missing == []


def test_every_verb_has_two_sentences() -> None:
    for verb in registry.verbs.values():
        if verb.name.startswith("test_"):
            continue
        assert HAN.search(verb.zh), verb
        assert verb.en and not HAN.search(verb.en), verb
        assert set(re.findall(r"{(\w+)}", verb.zh)) == set(re.findall(r"{(\w+)}", verb.en)), verb


def recorded() -> dict[str, str]:
    """Verbs written in calls of ``audit.record("…")`` with where they stand."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record" and node.args:
                owner = getattr(getattr(node.func, "value", None), "id", "")
                first = node.args[0]
                if owner == "audit" and isinstance(first, ast.Constant):
                    found[first.value] = str(path.relative_to(SOURCE))
    return found


def test_every_recorded_verb_is_registered() -> None:
    assert {v: where for v, where in recorded().items() if v not in registry.verbs} == {}
