"""The menu of a page: which places stand where, and which one the reader is in."""

from typing import Any

from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY

BAR_PLACES = 5


def places(context: Context) -> dict[str, Any]:
    """The entries of the context's ``menu``, sorted by where they stand.

    Returns:
        ``resident``, ``officer``, ``town``: entries as dicts with ``current``;
        ``bar``: the at most five of the phone's bottom bar, where someone's
        first place of work leads, or 我的 with their own matters stands last;
        ``raise``, ``inbox``, ``mine`` and ``meetings``: those entries by key, or None. All empty where the page has
        no menu, as on an error page.
    """
    entries = [_plain(entry) for entry in context.get("menu") or ()]
    current = _named_block(context) or str(context.get("nav_current") or "") or _by_path(context, entries)
    for entry in entries:
        entry["current"] = entry["key"] == current
    by_key = {entry["key"]: entry for entry in entries}
    apart = ("raise", "inbox", "mine")
    found: dict[str, Any] = {
        place: [e for e in entries if e["place"] == place and e["key"] not in apart]
        for place in ("resident", "officer", "town")
    }
    desk = found["officer"][:1]
    last = [] if desk else [e for e in found["resident"] if e["key"] == "me"]
    bar = desk + [e for e in found["resident"] if e["key"] != "me"]
    named = {key: by_key.get(key) for key in (*apart, "meetings")}
    return found | {"bar": bar[: BAR_PLACES - len(last)] + last, "current": current} | named


def _plain(entry: Any) -> dict[str, Any]:
    if isinstance(entry, dict):
        return dict(entry)
    return {name: getattr(entry, name, "") for name in ("key", "label", "url", "icon", "place")}


def _named_block(context: Context) -> str:
    """What a page wrote into its ``nav_current`` block."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("nav_current") if blocks else None
    return block.nodelist.render(context).strip() if block else ""


def _by_path(context: Context, entries: list[dict[str, Any]]) -> str:
    """The entry whose address is the longest beginning of the page's own."""
    path = getattr(context.get("request"), "path", "")
    best = max(
        (e for e in entries if path == e["url"] or (e["url"] != "/" and path.startswith(e["url"]))),
        key=lambda e: len(e["url"]),
        default=None,
    )
    return str(best["key"]) if best else ""
