"""``/api/v1``: every app's router under one roof, one description, one form of error."""

from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unreadable
from ninja.renderers import JSONRenderer

from yishi.api.auth import Anyone
from yishi.core.rest import Problem, faults
from yishi.core.verdicts import Refusal

PROBLEM_TYPE = "application/problem+json"
DESCRIPTION = """\
Every matter from the day it is raised to the day it is settled.

Reading what is public needs no token. A token (made on your own page under 接口令牌) does at most what
its owner may do, and only within its scopes. Errors are problem documents (RFC 9457) with the reason,
the clause that says so and what can be done. Every act that creates something takes a `key` (UUID) of
your own choice: the same key sent twice is one act.
"""


class Described(NinjaAPI):
    """An API whose description tells the truth about its errors and scopes."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The OpenAPI description, with problem documents and scopes."""
        schema = super().get_openapi_schema(**options)
        scopes = self._scopes()
        for operations in schema["paths"].values():
            for operation in operations.values():
                scope = scopes.get(operation["operationId"])
                operation["security"] = [{"token": [scope]}] if scope else [{}, {"token": []}]
                for status, answer in operation.get("responses", {}).items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {PROBLEM_TYPE: next(iter(answer["content"].values()))}
                        answer["description"] = _TITLES.get(int(status), answer.get("description", ""))
        return schema

    def _scopes(self) -> dict[str, str]:
        """The scope of each operation that needs one, by its id."""
        operations = (
            o for _, router in self._routers for place in router.path_operations.values() for o in place.operations
        )
        return {str(o.operation_id): o.view_func.scope for o in operations if hasattr(o.view_func, "scope")}


_TITLES = {
    400: "The request cannot be read",
    401: "A token is missing, ended or unknown",
    403: "Refused, with the reason and the clause",
    404: "Not there, or not for this viewer",
    422: "Something in the request must be mended",
    429: "Too many requests",
}

api = Described(
    title="Yishi 议事", version="1.0.0", description=DESCRIPTION, urls_namespace="api", docs_url=None,
    openapi_url="/openapi.json", auth=Anyone(), renderer=JSONRenderer(),
    openapi_extra={"components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}},
)  # fmt: skip


def problem(request: HttpRequest, status: int, title: str, **more: Any) -> HttpResponse:
    """A problem document."""
    body = Problem(title=title, status=status, **{k: v for k, v in more.items() if v})
    answer = api.create_response(request, body.model_dump(), status=status)
    answer["Content-Type"] = PROBLEM_TYPE
    return answer


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    """403 with the reason; 404 where existence is private."""
    verdict = error.verdict
    if verdict.hidden:
        return problem(request, 404, _("没有找到。"))
    return problem(
        request, 403, _("不能这样做。"), detail=str(verdict.reason), clause=str(verdict.clause),
        what_now=str(verdict.what_now),
    )  # fmt: skip


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with the faults by field, from the commands."""
    return problem(request, 422, _("请更正后再提交。"), errors=faults(error))


@api.exception_handler(Unreadable)
def unreadable(request: HttpRequest, error: Unreadable) -> HttpResponse:
    """422 with the faults by field, from the shape of the request."""
    found: dict[str, list[str]] = {}
    for fault in error.errors:
        found.setdefault(".".join(str(part) for part in fault["loc"][1:]), []).append(str(fault["msg"]))
    return problem(request, 422, _("请更正后再提交。"), errors=found)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """404."""
    return problem(request, 404, _("没有找到。"))


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """401."""
    answer = problem(request, 401, _("令牌缺失、过期或无效。"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(SuspiciousOperation)
def garbled(request: HttpRequest, error: Exception) -> HttpResponse:
    """400: a form of several parts that is none, too many files, or too much at once."""
    return problem(request, 400, _("请求无法读取：表单不完整、文件太多或太大。"))


@api.exception_handler(HttpError)
def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Whatever else ninja refuses, such as a body that is no JSON."""
    return problem(request, error.status_code, str(error))
