"""Where every page lives. Each app brings its own ``urls.py``."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("people/", include("yishi.people.urls")),
    path("network/", include("yishi.network.urls")),
    path("inbox/", include("yishi.inbox.urls")),
    path("matters/", include("yishi.matters.urls")),
    path("decisions/", include("yishi.decisions.urls")),
    path("commitments/", include("yishi.commitments.urls")),
    path("notices/", include("yishi.publication.urls")),
    path("", include("yishi.publication.urls_ledger")),
    path("town/", include("yishi.dashboard.urls")),
    path("api/", include("yishi.api.urls")),
    path("files/", include("yishi.core.urls")),
    path("", include("yishi.web.urls")),
]
