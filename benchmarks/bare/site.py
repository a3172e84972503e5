"""The floor: a bare Django site with one indexed query and a 20-row template, and an empty answer.

Run by ``benchmarks/web.py`` on the same server as Yishi, in the same run.
"""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from yishi.config import databases

settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": databases.from_url(os.environ["BARE_DATABASE_URL"], "", 4)},
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

ROWS = 2000
PAGE = Engine().from_string(
    "<html><body><h1>Items</h1><ul>{% for item in items %}<li><a href='/{{ item.pk }}'>{{ item.title }}</a> "
    "{{ item.place }} {{ item.raised }}</li>{% endfor %}</ul></body></html>"
)


class Item(models.Model):
    town = models.IntegerField()
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=200)
    raised = models.IntegerField()

    class Meta:
        app_label = "bare"
        indexes = [models.Index(fields=["town", "-raised"], name="bare_town_raised")]


def answer(body: bytes) -> HttpResponse:
    """An answer that says its length, so that the connection is kept."""
    return HttpResponse(body, headers={"Content-Length": str(len(body))})


def listed(request: HttpRequest) -> HttpResponse:
    items = Item.objects.filter(town=1).order_by("-raised")[:20]
    return answer(PAGE.render(Context({"items": items})).encode())


def empty(request: HttpRequest) -> HttpResponse:
    return answer(b"")


def insert(request: HttpRequest) -> HttpResponse:
    Item.objects.create(town=1, title="x", place="y", raised=0)
    return answer(b"ok")


urlpatterns = [path("list", listed), path("empty", empty), path("insert", insert)]


def prepare() -> None:
    """Make the table and its rows."""
    with connection.schema_editor() as editor:
        if Item._meta.db_table in connection.introspection.table_names():
            editor.delete_model(Item)
        editor.create_model(Item)
    Item.objects.bulk_create(
        Item(town=1, title=f"路灯不亮,夜里看不见路 {n}", place=f"大圩路 {n} 号", raised=n) for n in range(ROWS)
    )


if __name__ == "__main__":
    prepare()
else:
    application = get_wsgi_application()
