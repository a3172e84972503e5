"""Wiring of people: audit verbs."""

from django.apps import AppConfig

from yishi.core import registry
from yishi.core.registry import Verb

VERBS = (
    Verb("people.consent_given", "登记同意({purpose})", "Consent recorded ({purpose})"),
    Verb("people.consent_withdrawn", "撤回同意({purpose})", "Consent withdrawn ({purpose})"),
)


class PeopleConfig(AppConfig):
    name = "yishi.people"
    label = "people"

    def ready(self) -> None:
        registry.register(verbs_=VERBS)
