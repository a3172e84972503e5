"""Where the notice board and its desk live."""

from django.urls import path

from yishi.core.acts import routes
from yishi.publication.views import board, desk, objections, read
from yishi.publication.views.acts import ACTS

app_name = "publication"
urlpatterns = [
    path("", board.board, name="board"),
    path("feed.atom", board.atom, name="feed"),
    path("export.csv", board.export, {"ending": "csv"}, name="export_notices_csv"),
    path("export.xlsx", board.export, {"ending": "xlsx"}, name="export_notices_xlsx"),
    path("desk", desk.desk, name="desk"),
    path("desk/new", desk.prepare, name="prepare"),
    path("desk/duties", desk.duties, name="duties"),
    path("desk/duties.xlsx", desk.duties_export, name="export_duties"),
    path("<str:reference>/", read.posting_page, name="posting"),
    path("<str:reference>/sheet", read.sheet, name="sheet"),
    path("<str:reference>/<slug:name>.pdf", read.paper, {"ending": "pdf"}, name="paper_pdf"),
    path("<str:reference>/<slug:name>.docx", read.paper, {"ending": "docx"}, name="paper_docx"),
    path("<str:reference>/object", objections.object_page, name="object"),
    path("<str:reference>/enter", objections.enter_page, name="enter"),
    path("<str:reference>/objections/<int:number>", objections.answer_page, name="answer"),
    *routes(ACTS, {"posting": "<str:reference>/{}/"}),
]
