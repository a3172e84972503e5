"""Three of our own graphics as inline SVG: the line 够不够, the clock 时限, the seal 印.

Each is drawn from plain numbers and words, carries its text beside it, and
needs neither script nor style attributes. Positions along the line are per
cent of its width, so that the lettering keeps its size on a phone.
"""

import datetime as dt
from functools import lru_cache

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yishi.web.sprite import icon
from yishi.web.words import local_date

SOON_DAYS = 2
MOST_BEADS = 10
CLOCK_SIGNS = {"done": "circle-check", "stopped": "player-pause"}


def quorum_line(have: int, need: int, whole: int, arithmetic: str, *, hundredths: bool = False) -> SafeString:
    """Have against need on a number line from 0 to whole, the arithmetic under it.

    Args:
        have, need, whole: counts of the same things (people, votes, square metres).
        arithmetic: how ``need`` comes about, e.g. ``332 = ⌈498 × 2/3⌉``.
        hundredths: the numbers are hundredths of a square metre, written with two decimals and m².
    """

    def n(number: int) -> str:
        return f"{number // 100}.{number % 100:02d} m²" if hundredths else str(number)

    reached = have >= need
    at_have, at_need = _share(have, whole), _share(need, whole)
    parts = {
        "tone": "settled" if reached else "soon",
        "have_x": f"{at_have:.2f}%",
        "need_x": f"{at_need:.2f}%",
        "have_anchor": _anchor(at_have),
        "need_anchor": _anchor(at_need),
        "have_label": _("现有 %(n)s") % {"n": n(have)},
        "need_label": _("需 %(n)s") % {"n": n(need)},
        "whole": n(whole),
        "verdict": _("够了") if reached else _("还差 %(n)s") % {"n": n(need - have)},
        "said": _("共 %(whole)s，需 %(need)s，现有 %(have)s。") % {"whole": n(whole), "need": n(need), "have": n(have)},
        "arithmetic": arithmetic,
    }
    return format_html(_LINE, **parts)


_LINE = """<figure class="quorum tone-{tone}">
<svg class="quorum-line" aria-hidden="true" focusable="false">
<rect class="quorum-track" x="0" y="1.9em" width="100%" height="0.7em" rx="2"/>
<rect class="quorum-have" x="0" y="1.9em" width="{have_x}" height="0.7em" rx="2"/>
<line class="quorum-need" x1="{need_x}" x2="{need_x}" y1="1.5em" y2="3em"/>
<text class="quorum-need-label" x="{need_x}" y="1.1em" text-anchor="{need_anchor}">{need_label}</text>
<text class="quorum-have-label" x="{have_x}" y="4em" text-anchor="{have_anchor}">{have_label}</text>
<text class="quorum-end" x="0" y="5.5em">0</text>
<text class="quorum-end" x="100%" y="5.5em" text-anchor="end">{whole}</text>
</svg>
<figcaption><strong class="quorum-verdict">{verdict}</strong> <span>{said}</span>
<span class="arithmetic">{arithmetic}</span></figcaption>
</figure>"""


def _share(part: int, whole: int) -> float:
    return 0.0 if whole <= 0 else min(100.0, max(0.0, 100 * part / whole))


def _anchor(at: float) -> str:
    return "start" if at < 18 else "end" if at > 82 else "middle"


def clock(
    due_on: dt.date | None,
    today: dt.date | None,
    working_days_left: int | None,
    state: str,
    stopped_by: str,
) -> SafeString:
    """Working days left as beads, the date it falls on, what stops it.

    Args:
        due_on: the last day, or None where there is no time limit.
        today: the day the page is written for; the due day itself says "today".
        working_days_left: negative when overdue; None where unknown.
        state: ``running``, ``stopped``, ``done`` or ``overdue``.
        stopped_by: what stops the clock, in the page's language.
    """
    tone, words = _clock_words(due_on, today, working_days_left, state)
    sign = CLOCK_SIGNS.get(state)
    beads = icon(sign) if sign else "" if working_days_left is None else _beads(working_days_left)
    due = _("%(date)s 到期") % {"date": local_date(due_on)} if due_on and state != "done" else ""
    return format_html(
        '<div class="clock tone-{}">{}<p class="clock-words"><strong>{}</strong>{}{}</p></div>',
        tone,
        beads,
        words,
        format_html(" <span>{}</span>", due) if due else "",
        format_html(' <span class="clock-stop">{}</span>', stopped_by) if stopped_by else "",
    )


def _clock_words(due_on: dt.date | None, today: dt.date | None, left: int | None, state: str) -> tuple[str, str]:
    if state == "overdue" or (left is not None and left < 0 and state == "running"):
        days = abs(left or 0)
        return "overdue", ngettext("已逾期 %(n)s 个工作日", "已逾期 %(n)s 个工作日", days) % {"n": days}
    if state != "running":
        return ("settled", _("已办结")) if state == "done" else ("plain", _("计时暂停"))
    if due_on is None or left is None:
        return "plain", _("没有期限") if due_on is None else _("办理中")
    if due_on == today or left == 0:
        return "soon", _("今天到期")
    words = ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left) % {"n": left}
    return "soon" if left <= SOON_DAYS else "plain", words


@lru_cache(maxsize=64)
def _beads(left: int) -> SafeString:
    shown = min(abs(left), MOST_BEADS)
    if not shown:
        return icon("hourglass")
    name = "bead-late" if left < 0 else "bead"
    beads = format_html_join(
        "",
        '<rect class="{}" x="{}" y="1" width="7" height="12" rx="2"/>',
        ((name, 1 + 10 * i) for i in range(shown)),
    )
    width = shown * 10
    return format_html(
        '<svg class="clock-beads" viewBox="0 0 {} 14" width="{}" height="14" aria-hidden="true" focusable="false">{}</svg>',
        width,
        width,
        beads,
    )


def seal(label: str, check_code: str, url: str = "") -> SafeString:
    """A certified result's seal with its check code, and a QR code where an address is given."""
    mark = _square(label) if 0 < len(label) <= 4 and all("\u4e00" <= c <= "\u9fff" for c in label) else _oblong(label)
    return format_html(
        '<figure class="seal">{}<figcaption><span class="seal-label">{}</span>'
        '<span class="seal-code">{} <code>{}</code></span></figcaption>{}</figure>',
        mark,
        label,
        _("校验码"),
        check_code,
        qr(url, label) if url else "",
    )


def _square(label: str) -> SafeString:
    """Two to four characters in a square seal, read from the right column down, as seals are."""
    places = {
        1: [(50, 50)],
        2: [(50, 29), (50, 71)],
        3: [(71, 29), (71, 71), (29, 50)],
    }.get(len(label), [(71, 29), (71, 71), (29, 29), (29, 71)])
    letters = format_html_join(
        "",
        '<text x="{}" y="{}" dy="0.35em" text-anchor="middle">{}</text>',
        ((x, y, c) for (x, y), c in zip(places, label, strict=True)),
    )
    return format_html(
        '<svg class="seal-mark" viewBox="0 0 100 100" aria-hidden="true" focusable="false">'
        '<rect class="seal-edge" x="4" y="4" width="92" height="92" rx="9"/>'
        '<rect class="seal-inner" x="10" y="10" width="80" height="80" rx="4"/>{}</svg>',
        letters,
    )


def _oblong(label: str) -> SafeString:
    return format_html(
        '<svg class="seal-mark seal-wide" viewBox="0 0 200 72" aria-hidden="true" focusable="false">'
        '<rect class="seal-edge" x="4" y="4" width="192" height="64" rx="9"/>'
        '<rect class="seal-inner" x="10" y="10" width="180" height="52" rx="4"/>'
        '<text x="100" y="36" dy="0.35em" text-anchor="middle">{}</text></svg>',
        label,
    )


@lru_cache(maxsize=256)
def qr(url: str, label: str) -> SafeString:
    """A QR code of an address as inline SVG, black on white in every theme."""
    drawn = segno.make(url, error="m", micro=False).svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
    return format_html(
        '<span class="qr" role="img" aria-label="{}">{}</span>',
        label or url,
        SafeString(drawn),
    )
