"""Pages of decisions: lists, one decision, its acts."""

from django.urls import path

from yishi.core.acts import routes
from yishi.decisions.views import lists, new, read
from yishi.decisions.views.motions import ACTS

_PARTS = {
    "decision": "<str:reference>/{}",
    "comment": "<str:reference>/comments/<int:pk>/{}",
    "petition": "<str:reference>/petitions/<int:pk>/{}",
}
BEFORE = [
    path("", lists.decisions_list, name="list"),
    path("new", new.new_decision, name="new"),
    path("desk", lists.desk, name="desk"),
    path("look-up", read.look_up, name="look_up"),
    path("export.csv", lists.export_csv, name="export_csv"),
    path("export.xlsx", lists.export_xlsx, name="export_xlsx"),
    path("feed.atom", lists.feed_atom, name="feed_atom"),
]
urlpatterns = [
    path("<str:reference>", read.decision_page, name="decision"),
    path("<str:reference>/feed.atom", lists.decision_feed, name="decision_feed"),
    path("<str:reference>/follow", read.follow, name="follow"),
    path("<str:reference>/versions/<int:number>", read.version_page, name="version"),
    path("<str:reference>/petitions/<int:pk>", read.petition_page, name="petition_page"),
    *routes(ACTS.values(), _PARTS),
]
