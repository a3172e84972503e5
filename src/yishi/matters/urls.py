"""Where the pages of matters live. Fixed words stand before the references."""

from django.urls import path

from yishi.core.acts import routes
from yishi.matters import feeds, urls_field, urls_imports
from yishi.matters.views import contact, export, lists, map, queue, raising, read
from yishi.matters.views.doing import ACTS

app_name = "matters"
_PARTS = {
    "matter": "<str:reference>/{}",
    "report": "<str:reference>/reports/<int:pk>/{}",
    "assignment": "<str:reference>/assignments/<int:pk>/{}",
    "appeal": "<str:reference>/appeals/<int:pk>/{}",
    "merge": "<str:reference>/merges/<int:pk>/{}",
}
urlpatterns = [
    path("", lists.matters_list, name="list"),
    path("new", raising.raise_page, name="raise"),
    path("new/similar", raising.similar, name="similar"),
    path("desk/new", raising.desk_page, name="desk"),
    path("receipt/<uuid:key>", raising.receipt, name="receipt"),
    path("queue", queue.queue, name="queue"),
    path("queue/together", queue.together, name="bulk"),
    path("queue/take-back", queue.take_back, name="bulk_undo"),
    path("mine", lists.mine, name="mine"),
    path("look-up", read.look_up, name="look_up"),
    path("map", map.map_page, name="map"),
    path("map/points", map.points, name="map_points"),
    path("save-view", lists.save_view, name="save_view"),
    path("views/<int:pk>/drop", lists.drop_view, name="drop_view"),
    path("export.csv", export.csv_of, name="export_csv"),
    path("export.xlsx", export.excel_of, name="export_xlsx"),
    path("feed.atom", feeds.atom, name="feed_atom"),
    path("feed.rss", feeds.rss, name="feed_rss"),
    *urls_field.urlpatterns,
    *urls_imports.urlpatterns,
    path("<str:reference>", read.matter_page, name="matter"),
    path("<str:reference>/feed.atom", feeds.of_matter, name="matter_feed"),
    path("<str:reference>/follow", read.follow, name="follow"),
    path("<str:reference>/reply-checks", contact.reply_checks, name="reply_checks"),
    path("<str:reference>/reports/<int:pk>/contact-details", contact.reveal, name="reveal"),
    *routes(ACTS.values(), _PARTS),
]
