"""The tags and filters of every template (built in, no ``{% load %}`` needed); see docs/design-system.md."""

import datetime as dt
from typing import Any

from django import template
from django.forms import BoundField, Form, widgets
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yishi.web import graphics, shell, words
from yishi.web.sprite import built, icon

register = template.Library()


register.simple_tag(icon)


@register.simple_tag(takes_context=True)
def shell_menu(context: Context) -> dict[str, Any]:
    """The places of the masthead and the bottom bar, the current one marked (used by the base template)."""
    return shell.places(context)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built asset: ``{% asset "app.css" %}``."""
    return built(name)


@register.simple_tag
def state(value: Any, text: Any = "", icon_name: str = "") -> SafeString:
    """A state as word, icon and colour: ``{% state "overdue" "已逾期" %}``.

    ``value`` is a tone (act, settled, soon, overdue, plain) or an object with
    ``tone`` and ``label`` and perhaps ``icon`` (an enumeration of states).
    """
    tone = words.tone_of(str(getattr(value, "tone", value)))
    word = capfirst(str(words.said(text) or getattr(value, "label", "")))
    picture = icon_name or getattr(value, "icon", "") or words.TONES[tone]
    return format_html('<span class="state tone-{}">{}{}</span>', tone, icon(picture), word)


@register.simple_tag
def spine(steps: list[dict[str, Any]], label: str = "") -> SafeString:
    """The spine 脉络: steps as dicts ``title, text, at, who, clause, state (done|here|next), url``."""
    return SafeString(render_to_string("web/components/spine.html", {"steps": steps, "label": label}))


@register.simple_tag
def quorum_line(have: int, need: int, whole: int, arithmetic: Any = "", hundredths: bool = False) -> SafeString:
    """The line 够不够: ``{% quorum_line 329 332 498 "332 = ⌈498 × 2/3⌉" %}``; areas with ``hundredths=True``."""
    return graphics.quorum_line(int(have), int(need), int(whole), str(words.said(arithmetic)), hundredths=hundredths)


@register.simple_tag
def clock(
    due_on: dt.date | None,
    today: dt.date | None = None,
    working_days_left: int | None = None,
    state: str = "running",
    stopped_by: Any = "",
) -> SafeString:
    """The clock 时限: ``{% clock m.due_on today 3 "running" %}``."""
    return graphics.clock(due_on, today, working_days_left, state, str(words.said(stopped_by) or ""))


@register.simple_tag
def seal(label: Any, check_code: str, url: str = "") -> SafeString:
    """The seal 印: ``{% seal "表决通过" "7F3K-92QD" url=proof_url %}``."""
    return graphics.seal(str(words.said(label)), check_code, url)


@register.simple_tag
def qr(url: str, label: str = "") -> SafeString:
    """A QR code of an absolute address."""
    return graphics.qr(url, label)


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The page's query string with some values set, or taken away by None: ``{% query_with page=2 %}``."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(name="local_date")
def local_date_tag(value: dt.date | None) -> SafeString:
    """A date in the page's language, machine-readable too."""
    return _time(value, words.local_date(value))


@register.simple_tag(name="local_datetime")
def local_datetime_tag(value: dt.datetime | None) -> SafeString:
    """A moment in the page's language and the installation's time zone."""
    return _time(value, words.local_datetime(value))


def _time(value: Any, text: str) -> SafeString:
    if not value:
        return format_html("<span>{}</span>", text)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


register.filter("local_date", words.local_date)
register.filter("local_datetime", words.local_datetime)
register.filter("said", words.said)
register.filter("days_in_words", words.days_in_words)
register.filter("named", words.named)


@register.simple_tag
def figure(
    label: Any,
    numerator: int | None,
    denominator: int | None = None,
    note: Any = "",
    url: str = "",
) -> SafeString:
    """A figure with its numerator and denominator shown: ``{% figure "满意率" 45 52 "不含匿名" url=list_url %}``.

    With a numerator alone it is a count. A denominator of 0 gives no rate.
    """
    if denominator is None:
        value, under = ("—" if numerator is None else f"{numerator:,}"), ""
    elif not denominator:
        value, under = "—", _("还没有可算的事项")
    else:
        tenths = (2000 * (numerator or 0) + denominator) // (2 * denominator)  # halves up, in whole numbers
        value, under = (
            f"{tenths // 10}.{tenths % 10}%",
            f"{numerator or 0:,} / {denominator:,}",
        )
    context = {
        "label": words.said(label),
        "value": value,
        "under": under,
        "note": words.said(note),
        "url": url,
    }
    return SafeString(render_to_string("web/components/figure.html", context))


@register.simple_tag
def field(bound: BoundField, **attrs: Any) -> SafeString:
    """A form field with label, hint and error: ``{% field form.title %}``.

    Extra attributes go to the input, ``_`` standing for ``-``:
    ``{% field form.text data_count=500 autocomplete="off" %}``.
    """
    widget = bound.field.widget
    given = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
    grouped = bool(widget.use_fieldset)
    wrong = "is-invalid" if bound.errors and not grouped else ""
    classes = (_widget_class(widget), widget.attrs.get("class"), given.get("class"), wrong)
    given["class"] = " ".join(str(name) for name in classes if name)
    if isinstance(widget, widgets.Textarea) and str(widget.attrs.get("rows")) == "10":  # Django's default
        given.setdefault("rows", 5)
    context = {
        "bound": bound,
        "input": bound.as_widget(attrs=given),
        "grouped": grouped,
        "check": isinstance(widget, widgets.CheckboxInput),
        "photos": given.get("data-photos") or widget.attrs.get("data-photos"),
    }
    return SafeString(render_to_string("web/components/field.html", context))


def _widget_class(widget: widgets.Widget) -> str:
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple | widgets.HiddenInput):
        return ""
    if isinstance(widget, widgets.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, widgets.Select) else "form-control"


@register.simple_tag
def form_errors(form: Form) -> SafeString:
    """The summary over a form that was sent back: what is missing, each line leading to its field."""
    if not form.is_bound or not form.errors:
        return SafeString("")
    return SafeString(render_to_string("web/components/form_errors.html", {"form": form}))


@register.simple_tag
def form_fields(form: Form) -> SafeString:
    """The summary and every field of a form, in order."""
    hidden = "".join(str(b) for b in form.hidden_fields())
    return SafeString(form_errors(form) + hidden + "".join(field(b) for b in form.visible_fields()))
