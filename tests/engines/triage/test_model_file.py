"""The model file: what is written is read again, whatever else is refused in words."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishi.engines.triage.classifier import Classifier
from yishi.engines.triage.model_file import ModelFileError, from_bytes, to_bytes
from yishi.engines.triage.training import Labelled, train
from yishi.engines.triage.view import prediction_data

TEXTS = [f"{k}号院{s}" for k in range(12) for s in ("工厂偷排污水，河水发臭", "公交车班次太少", "学校补课收费")]


@pytest.fixture(scope="module")
def model() -> Classifier:
    return train(Labelled(TEXTS, ["环境保护", "交通运输", "教育文体"] * 12))


def test_a_model_file_says_the_same(model: Classifier) -> None:
    again = from_bytes(to_bytes(model))
    texts = TEXTS
    assert np.abs(again.probabilities(texts) - model.probabilities(texts)).max() < 0.01
    assert to_bytes(again) == to_bytes(from_bytes(to_bytes(again)))
    assert again.labels == model.labels


def _rewritten(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    change(entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


def _manifest(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries["manifest.json"]) | changes
        entries["manifest.json"] = json.dumps(manifest).encode()

    return change


@pytest.mark.parametrize(
    "change",
    [
        _manifest(version=99),
        _manifest(format="something else"),
        _manifest(labels=["a"]),
        _manifest(labels=[["a"], ["b"]]),
        _manifest(pairs=50_000_000),
        _manifest(scale="1"),
        _manifest(scale=float("nan")),
        _manifest(characters=-1),
        lambda e: e.pop("weights"),
        lambda e: e.update(extra=b"import os"),
        lambda e: e.update(weights=e["weights"][:-2] + b"\x00\x7e"),
        lambda e: e.update({"manifest.json": b"[" * 100_000}),
        lambda e: e.update({"manifest.json": b"{}"}),
        lambda e: e.update(pairs=bytes(len(e["pairs"]))),
    ],
)
def test_a_changed_file_is_refused_in_words(model: Classifier, change: Callable[[dict[str, bytes]], None]) -> None:
    with pytest.raises(ModelFileError) as error:
        from_bytes(_rewritten(to_bytes(model), change))
    assert error.value.text["zh"].startswith("模型文件不能用")


WRONG = {
    "format": ["", None, ["yishi-triage-model"]],
    "version": [True, 1.0, "1", 0, 10**40, None],
    "labels": ["ab", [], ["a"], ["a", "a", "b"], ["a", "", "b"], ["a", " ", "b"], ["a", None, "b"], ["a", "b", "\ud800"], ["a", "b", "x" * 201], {"a": 1}],
    "characters": [-1, 1.0, True, "1", 10**12, None],
    "pairs": [-1, 1.0, True, [1], 10**12, None],
    "scale": [0, -1, 1e308, float("nan"), float("inf"), "1", True, None, 1e-300],
    "threshold": [-1, 1.01, 1e308, float("nan"), float("-inf"), "0.5", False, None, [0.5]],
    "learned_from": [-1, 0.5, True, "9", 10**30, None],
    "columns": [[[]], [None], [-1], [""], ["\ud800"], ["x" * 201], ["a", "a"], "ab", None, {"a": 1}, ["a"] * 501],
    "sha256": [[], None, {}, {"weights": 1}],
    "more": [1],
}  # fmt: skip


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_every_field_of_the_manifest_has_its_kind_and_range(model: Classifier, field: str, value: object) -> None:
    with pytest.raises(ModelFileError) as error:
        from_bytes(_rewritten(to_bytes(model), _manifest(**{field: value})))
    assert error.value.text["zh"].startswith("模型文件不能用：")
    assert error.value.text["en"].startswith("This model file cannot be used: ")
    assert (error.value.text["zh"] + error.value.text["en"]).encode()


@pytest.mark.parametrize("field", [field for field in WRONG if field != "more"])
def test_a_field_that_is_missing_is_refused(model: Classifier, field: str) -> None:
    def drop(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries["manifest.json"])
        del manifest[field]
        entries["manifest.json"] = json.dumps(manifest).encode()

    with pytest.raises(ModelFileError):
        from_bytes(_rewritten(to_bytes(model), drop))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(WRONG)), JUNK)
def test_whatever_a_field_holds_it_is_refused_or_answers_are_numbers(
    model: Classifier, field: str, value: object
) -> None:
    try:
        again = from_bytes(_rewritten(to_bytes(model), _manifest(**{field: value})))
    except ModelFileError:
        return
    for said in again.predict(["三桥路公交车班次太少", "", "河水发黑"]):
        json.dumps(prediction_data(said), allow_nan=False, ensure_ascii=False).encode()
        assert 0 <= said.probability <= 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("idf", 0.0),
        ("idf", -1.0),
        ("idf", 3e38),
        ("idf", np.nan),
        ("shift", 3e38),
        ("shift", np.inf),
        ("weights", np.nan),
    ],
)
def test_numbers_out_of_range_are_refused_though_their_digest_is_right(
    model: Classifier, name: str, value: float
) -> None:
    def change(entries: dict[str, bytes]) -> None:
        numbers = np.frombuffer(entries[name], "<f2" if name == "weights" else "<f4").copy()
        numbers[0] = value
        entries[name] = numbers.tobytes()
        manifest = json.loads(entries["manifest.json"])
        manifest["sha256"][name] = hashlib.sha256(entries[name]).hexdigest()
        entries["manifest.json"] = json.dumps(manifest).encode()

    with pytest.raises(ModelFileError, match="numbers are wrong"):
        from_bytes(_rewritten(to_bytes(model), change))


def test_a_bomb_is_refused_before_it_is_unpacked(model: Classifier) -> None:
    with pytest.raises(ModelFileError, match="unpack"):
        from_bytes(_rewritten(to_bytes(model), lambda e: e.update(weights=bytes(300_000_000))))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damage_anywhere_is_refused_or_harmless(model: Classifier, data: st.DataObject) -> None:
    blob = bytearray(to_bytes(model))
    for _ in range(data.draw(st.integers(1, 4))):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(blob)))
    for damaged in (bytes(blob), bytes(blob[:cut])):
        try:
            again = from_bytes(damaged)
        except ModelFileError:
            continue
        assert np.isfinite(again.probabilities(["公交车"])).all()
