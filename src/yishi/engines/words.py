"""Sentences in both languages, and how the engines write numbers and dates."""

from datetime import date

Text = dict[str, str]
"""A sentence as `{"zh": …, "en": …}`."""


def say(zh: str, en: str) -> Text:
    """A sentence in both languages."""
    return {"zh": zh, "en": en}


class Spoken(ValueError):
    """A fault that a person can mend, said in both languages: `zh` and `en`."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} · {en}")
        self.zh, self.en = zh, en


def joined(parts: list[Text], zh_mark: str = "；", en_mark: str = "; ") -> Text:
    """Several sentences as one, in the order given."""
    return say(zh_mark.join(p["zh"] for p in parts), en_mark.join(p["en"] for p in parts))


def articles_text(law: Text, articles: tuple[str, ...]) -> Text:
    """A law with its articles: `民法典第201、203条` / `Civil Code, art. 201, 203`."""
    if not articles:
        return dict(law)
    return say(
        f"{law['zh']}第{'、'.join(articles)}条",
        f"{law['en']}, art. {', '.join(articles)}",
    )


def day(when: date) -> Text:
    """A date: `2026-10-23` in both languages (ISO 8601, so that it sorts and copies)."""
    iso = when.isoformat()[:10]
    return say(iso, iso)
