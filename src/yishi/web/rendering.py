"""Widgets that every list has, written straight as text: the same marks that Django's templates give, sooner."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_HOME = "django/forms/widgets/"
_INPUTS = frozenset(f"{_HOME}{name}.html" for name in ("input", "text", "number", "date", "checkbox", "hidden"))
_SELECT, _OPTION = f"{_HOME}select.html", f"{_HOME}select_option.html"
Widget = dict[str, Any]


class Renderer(DjangoTemplates):
    """Django's renderer, with plain inputs and selects made without a template for each option."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The widget's or form's HTML."""
        if template_name in _INPUTS:
            return _input(context["widget"])
        if template_name == _SELECT and (written := _select(context["widget"])) is not None:
            return written
        return super().render(template_name, context, request)


def _attributes(given: dict[str, Any]) -> str:
    said = (
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_text(value)}"'
        for name, value in given.items()
        if value is not False
    )  # fmt: skip
    return "".join(said)


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return SafeString(
        f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget["attrs"])}>'
    )


def _select(widget: Widget) -> SafeString | None:
    """A select with its groups; None where an option is drawn in a way of its own."""
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if any(option["template_name"] != _OPTION for option in options):
            return None
        inside = "\n".join(map(_option, options))
        parts.append(f'<optgroup label="{_text(group)}">\n{inside}\n</optgroup>' if group else inside)
    return SafeString("\n".join([*parts, "</select>"]))


def _option(option: Widget) -> str:
    return f'<option value="{_text(option["value"])}"{_attributes(option["attrs"])}>{_text(option["label"])}</option>'
