"""The classifier: learns, explains, abstains, takes a correction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishi.engines.triage import solver
from yishi.engines.triage.classifier import LEAD, Classifier
from yishi.engines.triage.features import gather, read
from yishi.engines.triage.model_file import from_bytes, to_bytes
from yishi.engines.triage.training import Labelled, TrainingError, train, tree_examples
from yishi.engines.words import Spoken

PLACES = ("阳光花园", "河西社区", "三桥路", "东华里", "凤池村", "盐步老街", "黄岐码头", "雅瑶站")
SAYINGS = {
    "环境保护": ("工厂偷排污水，河水发黑发臭", "夜里烧垃圾，浓烟呛人", "工地扬尘太大，空气很差"),
    "交通运输": ("公交车班次太少，等车要很久", "出租车拒载绕路", "公交站牌坏了，站台没有座椅"),
    "教育文体": ("学校补课收费，家长有意见", "幼儿园学位不够，孩子上不了学", "图书馆周末不开门"),
}
TREE = (
    ("环境保护", "水污染", "污水排放"),
    ("环境保护", "大气污染", "工地扬尘"),
    ("交通运输", "公共交通", "公交站牌"),
    ("交通运输", "公共交通", "公交班次"),
    ("教育文体", "学前教育", "幼儿园学位"),
    ("教育文体", "义务教育", "学校收费"),
)


def history() -> Labelled:
    texts, labels = [], []
    for label, sayings in SAYINGS.items():
        for place in PLACES:
            for saying in sayings:
                texts.append(f"{place}{saying}，请处理")
                labels.append(label)
    return Labelled(texts, labels)


@pytest.fixture(scope="module")
def model() -> Classifier:
    return train(history())


def test_it_learns_and_names_the_words_that_decided(model: Classifier) -> None:
    (said,) = model.predict(["大沥镇的公交车班次能不能多一点"])
    assert said.label == "交通运输"
    assert said.probability > 0.8
    assert any("公交" in word for word in said.reasons[0].words)
    assert "公交" in said.reasons[0].sentence["zh"]


def test_words_are_cut_from_the_text_itself(model: Classifier) -> None:
    text = "  　尊敬的领导：图书馆 周末 不开门"
    (said,) = model.predict([text])
    assert all(word in "".join(text.split()) for word in said.reasons[0].words)


def test_probabilities_sum_to_one(model: Classifier) -> None:
    chance = model.probabilities(["公交", "", "无关的话"])
    assert chance.shape == (3, 3)
    assert np.allclose(chance.sum(axis=1), 1)


def test_a_text_without_a_known_word_goes_to_a_person(model: Classifier) -> None:
    (said,) = model.predict(["ζζζ"], threshold=0.0)
    assert said.abstain
    assert said.reasons == ()


def test_below_the_threshold_it_abstains(model: Classifier) -> None:
    (low,) = model.predict(["公交车旁边的工厂扬尘"], threshold=1.0)
    assert low.abstain


def test_the_same_history_gives_the_same_bytes() -> None:
    assert to_bytes(train(history())) == to_bytes(train(history()))


def test_plain_numpy_and_compiled_agree() -> None:
    texts = history()
    batch = read(texts.texts)
    vocabulary = gather([batch]).vocabulary()
    names = sorted(set(texts.labels))
    problem = solver.Problem(
        vocabulary.count(batch),
        np.array([names.index(label) for label in texts.labels]),
        np.ones(len(texts.texts)),
        len(names),
        2 * vocabulary.width,
    )
    plain = solver.solve(problem, compiled=False)
    assert np.abs(plain.weights - solver.solve(problem).weights).max() < 1e-10


def test_the_solution_is_optimal() -> None:
    """At the optimum the weights are the gradient's balance: w = 2 C Σ max(0, 1 - y w·x) y x."""
    texts = history()
    batch = read(texts.texts)
    vocabulary = gather([batch]).vocabulary()
    names = sorted(set(texts.labels))
    classes = np.array([names.index(label) for label in texts.labels])
    width = 2 * vocabulary.width
    rows = vocabulary.count(batch)
    problem = solver.Problem(rows, classes, np.ones(len(classes)), len(names), width)
    weights = solver.solve(problem, tolerance=1e-9).weights
    matrix = rows.matrix(width)
    target = np.where(classes[:, None] == np.arange(len(names)), 1.0, -1.0)
    slack = np.maximum(0, 1 - target * (matrix @ weights))
    assert np.abs(weights - 2 * (matrix.T @ (slack * target))).max() < 1e-5


def test_one_correction_is_learned_at_once_and_stays_local(model: Classifier) -> None:
    text = "盐步老街夜间货车禁行，货车司机绕路"
    fixed = model.correct(text, "教育文体")
    assert fixed.predict([text])[0].label == "教育文体"
    before = model.predict(history().texts)
    after = fixed.predict(history().texts)
    changed = sum(a.label != b.label for a, b in zip(before, after, strict=True))
    assert changed <= 0.03 * len(before)
    assert model.predict([text])[0].label != "教育文体"


def test_a_correction_to_an_unknown_label_is_refused(model: Classifier) -> None:
    with pytest.raises(Spoken, match="unknown label") as error:
        model.correct("公交", "外星事务")
    assert "有：交通运输、教育文体、环境保护" in error.value.zh
    with pytest.raises(Spoken, match="没有模型认识的字词"):
        model.correct("ζζζ", "交通运输")


def test_of_very_many_labels_the_likest_are_named() -> None:
    many = train(Labelled([], []), tree_examples([("类", f"第{i}类{'长' * 24}") for i in range(50)]))
    with pytest.raises(Spoken) as error:
        many.correct("类", "第49类" + "长" * 20)
    assert "有：类/第49类" in error.value.zh
    assert "等 50 类" in error.value.zh
    assert len(error.value.zh) < 700


def test_what_is_corrected_is_answered_with_its_words_and_not_left_to_people(model: Classifier) -> None:
    cold = train(Labelled([], []), tree=tree_examples(TREE, level=1))
    for before in (model, cold):
        (now,) = before.correct("盐步老街工地扬尘", "教育文体").predict(["盐步老街工地扬尘"])
        assert now.label == "教育文体"
        assert now.reasons[0].words
    assert not now.abstain


def test_without_calibration_only_a_label_with_a_clear_lead_is_said() -> None:
    cold = train(Labelled([], []), tree=tree_examples(TREE, level=1))
    clear, mixed, empty = cold.predict(["公交站牌看不清", "幼儿园学位旁公交站牌", "ζζζ"])
    assert not cold.calibrated
    assert not clear.abstain
    for said, chance in zip(
        (clear, mixed), cold.probabilities(["公交站牌看不清", "幼儿园学位旁公交站牌"]), strict=True
    ):
        first, second = sorted(chance)[:-3:-1]
        assert said.abstain == (first < LEAD * second)
    assert mixed.abstain
    assert empty.abstain
    assert not cold.predict(["幼儿园学位旁公交站牌"], threshold=0.0)[0].abstain


@pytest.mark.parametrize("level", [1, 2, 3])
def test_what_is_said_has_a_reason_at_every_level_of_a_cold_tree(level: int) -> None:
    cold = train(Labelled([], []), tree=tree_examples(TREE, level=level))
    texts = [*history().texts, *"的路学水气车园", "公", "好的，谢谢", ""]
    for threshold in (None, 0.0):
        for text, said in zip(texts, cold.predict(texts, threshold=threshold), strict=True):
            assert said.abstain or said.reasons
            assert all(word in text for reason in said.reasons for word in reason.words)
    assert any(not said.abstain for said in cold.predict(texts))


def test_a_calibrated_model_says_so_and_a_short_history_does_not() -> None:
    dice, signs = np.random.default_rng(0), [chr(0x4E00 + i) for i in range(600)]
    texts = ["".join(dice.choice(signs[k % 3 * 150 :][:300], 12)) for k in range(90)]
    long = train(Labelled(texts, ["甲乙丙"[k % 3] for k in range(90)]))
    assert long.calibrated
    assert from_bytes(to_bytes(long)).calibrated
    assert 0 < long.threshold < 1
    few = Labelled(["图书馆周末不开门", "出租车拒载"], ["教育文体", "交通运输"])
    assert not train(few).calibrated
    assert not train(few, tree_examples(TREE, 1)).calibrated


@pytest.mark.parametrize("level", [0, 4, 9])
def test_a_level_that_the_tree_has_not_is_refused_with_those_it_has(level: int) -> None:
    with pytest.raises(Spoken, match="the tree has 3 levels") as error:
        tree_examples(TREE, level)
    assert "分类表有 3 级" in error.value.zh


def test_cold_start_from_the_tree_alone() -> None:
    cold = train(Labelled([], []), tree=tree_examples(TREE, level=1))
    assert cold.learned_from == 0
    said = cold.predict(["三桥路工地扬尘很大", "公交站牌看不清", "幼儿园学位太少"])
    assert [s.label for s in said] == ["环境保护", "交通运输", "教育文体"]


def test_upper_levels_of_the_tree_add_up() -> None:
    cold = train(Labelled([], []), tree=tree_examples(TREE))
    (said,) = cold.predict(["公交班次太少"])
    assert said.label == "交通运输/公共交通/公交班次"
    (top, p_top), (middle, p_middle) = said.parents
    assert (top, middle) == ("交通运输", "交通运输/公共交通")
    assert p_top >= p_middle >= said.probability


def test_the_tree_helps_where_history_is_short() -> None:
    few = Labelled(["图书馆周末不开门", "出租车拒载"], ["教育文体", "交通运输"])
    both = train(few, tree=tree_examples(TREE, level=1))
    assert both.predict(["工厂污水排放到河里"])[0].label == "环境保护"


@pytest.mark.parametrize(
    ("texts", "labels", "rows"),
    [
        (["路灯", " \n", "公交"], ["a", "b", "a"], (1,)),
        (["路灯", "河", "公交"], ["a", "b", ""], (2,)),
        (["路灯", "河"], ["a", "a"], (0, 1)),
        ([], [], ()),
    ],
)
def test_what_cannot_be_learned_is_refused_by_row(texts: list[str], labels: list[str], rows: tuple[int, ...]) -> None:
    with pytest.raises(TrainingError) as error:
        train(Labelled(texts, labels))
    assert error.value.rows == rows
    assert set(error.value.text) == {"zh", "en"}


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_texts_can_be_judged(model: Classifier, texts: list[str]) -> None:
    said = model.predict(texts)
    assert len(said) == len(texts)
    alone = [model.predict([t])[0] for t in texts]
    assert [s.label for s in said] == [s.label for s in alone]
    for text, s in zip(texts, said, strict=True):
        assert all(w in "".join(text.split()) for r in s.reasons for w in r.words)
