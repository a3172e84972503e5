"""The API's reference, made from its own description; nothing is fetched from elsewhere."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yishi.api.site import api
from yishi.core.pagecache import public_page
from yishi.core.policies import policy


@cache
def operations() -> list[dict[str, Any]]:
    """Every operation of the API, by tag and path; the same as long as the process lives."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    found = [
        {
            "tag": (operation.get("tags") or [""])[0], "method": method.upper(), "path": path,
            "summary": operation.get("description") or operation.get("summary", ""),
            "parameters": operation.get("parameters", []), "body": "requestBody" in operation,
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]  # fmt: skip
    return sorted(found, key=lambda o: (o["tag"], o["path"], o["method"]))


@policy("public")
@public_page
def reference(request: HttpRequest) -> HttpResponse:
    """What can be asked and done by programs."""
    return render(request, "api/reference.html", {"operations": operations(), "words": api.description})
