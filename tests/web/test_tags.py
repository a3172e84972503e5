"""The tags of every template, in both languages."""

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, QueryDict
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override

DAY = dt.date(2026, 9, 28)


def render(source: str, language: str = "zh-hans", **context: Any) -> str:
    with override(language):
        return Template(source).render(Context(context))


def words(html: str) -> str:
    """The text of a fragment, without tags and repeated spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


class Raise(forms.Form):
    title = forms.CharField(label="标题", help_text="一句话")
    text = forms.CharField(label="经过", widget=forms.Textarea)
    answer = forms.ChoiceField(label="怎样答复", widget=forms.RadioSelect, choices=[("call", "打电话")], required=False)
    shown = forms.BooleanField(label="可以公开", required=False)


@pytest.mark.parametrize(
    ("language", "date", "moment"),
    [
        ("zh-hans", "2026年9月28日 周一", "2026年9月28日 周一 09:05"),
        ("en", "28 Sep 2026", "28 Sep 2026, 09:05"),
    ],
)
def test_dates_are_written_in_the_language_of_the_page(language: str, date: str, moment: str):
    at = timezone.make_aware(dt.datetime(2026, 9, 28, 9, 5))
    assert words(render("{% local_date d %}", language, d=DAY)) == date
    assert 'datetime="2026-09-28"' in render("{% local_date d %}", language, d=DAY)
    assert render("{{ d|local_date }}", language, d=DAY) == date
    assert words(render("{% local_datetime d %}", language, d=at)) == moment


def test_no_date_is_a_dash():
    assert words(render("{% local_date d %} {% local_datetime d %}", d=None)) == "— —"


def test_a_date_after_midnight_in_china_is_that_day_not_the_day_before():
    evening_in_utc = dt.datetime(2026, 9, 27, 17, 30, tzinfo=dt.UTC)
    assert words(render("{% local_date d %}", d=evening_in_utc)) == "2026年9月28日 周一"


def test_said_picks_the_language():
    pair = {"zh": "还差 3 人", "en": "3 people short"}
    assert render("{{ p|said }}", p=pair) == "还差 3 人"
    assert render("{{ p|said }}", "en", p=pair) == "3 people short"
    assert render("{{ p|said }}", "en", p="plain") == "plain"


def test_a_state_is_word_icon_and_colour_and_escapes_its_word():
    html = render('{% state "danger" w %}', w="<已逾期>")
    assert "tone-overdue" in html
    assert "#alert-triangle" in html
    assert "&lt;已逾期&gt;" in html
    assert "tone-plain" in render('{% state "nonsense" "x" %}')


def test_a_state_reads_an_enumeration():
    class Stage:
        tone, label, icon = "settled", "已办结", "check"

    html = render("{% state s %}", s=Stage())
    assert "tone-settled" in html
    assert "#check" in html
    assert "已办结" in html


@pytest.mark.parametrize(
    ("language", "have", "verdict", "tone"),
    [
        ("zh-hans", 329, "还差 3", "soon"),
        ("zh-hans", 332, "够了", "settled"),
        ("en", 329, "3 short", "soon"),
        ("en", 498, "Enough", "settled"),
    ],
)
def test_the_line_says_in_words_what_it_draws(language: str, have: int, verdict: str, tone: str):
    html = render('{% quorum_line have 332 498 "332 = ⌈498 × 2/3⌉" %}', language, have=have)
    assert f"tone-{tone}" in html
    assert verdict in words(html)
    assert "332 = ⌈498 × 2/3⌉" in html
    assert f'width="{100 * have / 498:.2f}%"' in html
    assert "style=" not in html


def test_the_line_of_nobody_does_not_divide_by_nothing():
    assert 'width="0.00%"' in render('{% quorum_line 0 0 0 "" %}')


@pytest.mark.parametrize(
    ("arguments", "zh", "en", "tone"),
    [
        ("due today 8", "还剩 8 个工作日 2026年10月12日 周一 到期", "8 working days left due 12 Oct 2026", "plain"),
        ("due today 1", "还剩 1 个工作日 2026年10月12日 周一 到期", "1 working day left due 12 Oct 2026", "soon"),
        ("today today 0", "今天到期 2026年9月28日 周一 到期", "due today due 28 Sep 2026", "soon"),
        (
            "due today -3",
            "已逾期 3 个工作日 2026年10月12日 周一 到期",
            "3 working days overdue due 12 Oct 2026",
            "overdue",
        ),
        (
            'due today 8 "stopped" "等材料"',
            "计时暂停 2026年10月12日 周一 到期 等材料",
            "clock stopped due 12 Oct 2026 等材料",
            "plain",
        ),
        ('due today -3 "done"', "已办结", "settled", "settled"),
        ("none", "没有期限", "no time limit", "plain"),
    ],
)
def test_the_clock(arguments: str, zh: str, en: str, tone: str):
    context = {"today": DAY, "due": dt.date(2026, 10, 12), "none": None}
    for language, said in (("zh-hans", zh), ("en", en)):
        html = render(f"{{% clock {arguments} %}}", language, **context)
        assert words(html) == said
        assert f"tone-{tone}" in html


def test_the_clock_draws_one_bead_a_day_up_to_ten():
    beads = [render("{% clock d t n %}", d=DAY, t=None, n=n).count("<rect") for n in (1, 5, 10, 40, -2)]
    assert beads == [1, 5, 10, 10, 2]


def test_the_seal_of_four_characters_is_square_and_carries_its_code():
    html = render('{% seal "表决通过" "7F3K-92QD" url="https://example.org/p" %}')
    assert "seal-wide" not in html
    assert "7F3K-92QD" in html
    assert 'class="qr"' in html
    assert "seal-wide" in render('{% seal "Passed" "7F3K" %}', "en")


def test_the_spine_marks_where_we_are():
    steps = [
        {"title": "收到", "at": DAY, "who": "3 号楼居民", "state": "done"},
        {"title": {"zh": "正在办", "en": "in hand"}, "state": "here", "clause": "第27条", "url": "/x"},
        {"title": "答复", "state": "next"},
    ]
    html = render("{% spine steps %}", steps=steps)
    assert html.count("<li") == 3
    assert html.count('aria-current="step"') == 1
    assert '<a href="/x">正在办</a>' in html
    assert "In hand" in render("{% spine steps %}", "en", steps=steps)
    assert "done" in words(render("{% spine steps %}", "en", steps=steps))


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (45, 52, "86.5% 45 / 52"),
        (1, 3, "33.3% 1 / 3"),
        (1, 2000, "0.1% 1 / 2,000"),
        (0, 0, "— 还没有可算的事项"),
        (1234, None, "1,234"),
    ],
)
def test_a_figure_shows_what_it_is_made_of(numerator: int, denominator: int | None, shown: str):
    assert words(render('{% figure "率" n d %}', n=numerator, d=denominator)) == f"率 {shown}"


def test_query_with_keeps_the_rest_and_takes_away():
    request = HttpRequest()
    request.GET = QueryDict("q=电梯&page=3&kind=road&kind=noise")
    html = render("{% query_with page=4 q=None %}", request=request)
    assert html.replace("&amp;", "&") == "?page=4&kind=road&kind=noise"


def test_a_field_ties_label_hint_and_error_to_the_input_and_keeps_what_was_typed():
    form = Raise({"title": "", "text": "写了很多"})
    html = render("{% form_fields form %}", form=form)
    title = re.search(r"<input[^>]+name=\"title\"[^>]*>", html)
    assert title
    assert 'aria-describedby="id_title_helptext id_title_error"' in title[0]
    assert 'aria-invalid="true"' in title[0]
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert '<label class="form-label" for="id_title">' in html
    assert "写了很多" in html
    assert '<a href="#id_title">' in html
    assert html.index("error-summary") < html.index("<input")


def test_radios_stand_in_a_fieldset_and_boxes_beside_their_words():
    html = render("{% form_fields form %}", form=Raise())
    assert "error-summary" not in html
    assert html.count("<fieldset") == html.count("<legend") == 1
    assert re.search(r'<label class="check"><input[^>]+type="checkbox"[^>]*><span>可以公开</span>', html)


def test_extra_arguments_of_a_field_become_attributes():
    html = render('{% field form.text data_count=500 autocomplete="off" %}', form=Raise())
    assert 'data-count="500"' in html
    assert 'autocomplete="off"' in html


def test_an_icon_alone_is_named_and_beside_a_word_is_silent():
    assert 'aria-hidden="true"' in render('{% icon "check" %}')
    assert 'role="img" aria-label="关闭"' in render('{% icon "x" label="关闭" %}')
