"""Where the pages of decisions live. Fixed words stand before the references."""

from yishi.decisions import urls_motions

app_name = "decisions"
urlpatterns = [*urls_motions.BEFORE, *urls_motions.urlpatterns]
