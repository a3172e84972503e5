"""Rules of making known: the catalogue of disclosures as data, periods and clocks, what a subject says of its postings."""

from yishi.publication.rules.catalogue import CATALOGUE, Item, answer_due, item_of, items_for, said
from yishi.publication.rules.periods import Period, last_ended, middle_of
from yishi.publication.rules.subjects import Facts, SubjectRules, register_subject, rules_of

__all__ = [
    "CATALOGUE", "Facts", "Item", "Period", "SubjectRules", "answer_due", "item_of", "items_for", "last_ended",
    "middle_of", "register_subject", "rules_of", "said",
]  # fmt: skip
