from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yishi.core.registry import Export, MenuEntry, Verb, register

VERBS = (
    Verb("commitments.made", "立下责任事项", "made a commitment"),
    Verb("commitments.progress", "报告进展", "reported progress"),
    Verb("commitments.delayed", "延期，说明理由", "moved the day, with a reason"),
    Verb("commitments.reported", "报告完工，等待验收", "reported it done; acceptance is open"),
    Verb("commitments.accepted", "验收通过", "accepted the work"),
    Verb("commitments.returned", "验收退回，说明理由", "returned the work, with a reason"),
    Verb("commitments.cancelled", "取消责任事项，说明理由", "cancelled the commitment, with a reason"),
)


class CommitmentsConfig(AppConfig):
    name = "yishi.commitments"
    label = "commitments"

    def ready(self) -> None:
        from yishi.commitments import selectors
        from yishi.core import files

        register(
            verbs_=VERBS,
            menu_=(
                MenuEntry(
                    "commitments", _("责任事项"), "commitments:mine", "checklist", "officer", 30, lambda v: v.is_officer
                ),
            ),
            exports_=(Export("commitments.Commitment", 60), Export("commitments.Progress", 61)),
        )
        files.register_guard(selectors.FILES_KIND, selectors.may_open_file)
