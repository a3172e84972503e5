"""Where the pages of decisions live. Fixed words stand before the references."""

from yishi.decisions import urls_motions, urls_papers, urls_votes

app_name = "decisions"
urlpatterns = [
    *urls_motions.BEFORE,
    *urls_votes.urlpatterns,
    *urls_papers.urlpatterns,
    *urls_motions.urlpatterns,
]
