"""Pages of a decision's papers."""

from django.urls import path

from yishi.decisions.views import papers

urlpatterns = [
    path("<str:reference>/papers", papers.papers_page, name="papers"),
    path("<str:reference>/papers/<slug:name>.pdf", papers.paper, {"ending": "pdf"}, name="decision_paper_pdf"),
    path("<str:reference>/papers/<slug:name>.docx", papers.paper, {"ending": "docx"}, name="decision_paper_docx"),
    path("<str:reference>/bundle.zip", papers.bundle, name="bundle"),
    path("<str:reference>/disclose", papers.disclose, name="disclose"),
]
