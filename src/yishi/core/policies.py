"""Every view names the policy by which it opens; a house test walks all URLs."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def policy(name: str) -> Callable[[View], View]:
    """Name the rule that guards a view.

    ``public``: anyone; ``signed_in``: any account; otherwise the name of a
    ``may_…`` function (``matters.may_assign_matter``) or of a selector that
    loads for the viewer (``matters.get_matter_for``).
    """

    def mark(view: View) -> View:
        view.policy = name  # type: ignore[attr-defined]
        return view

    return mark
