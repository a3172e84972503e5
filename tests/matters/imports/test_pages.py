"""The desk's pages of imports, as a browser without JavaScript sees them."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.management.commands.db_worker import Worker
from openpyxl import load_workbook
from tests.matters.imports.files import TICKETS, comma, excel

from yishi.core import audit
from yishi.matters.models import HotlineBatch, Matter, Report
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[Viewer], Client]


def work() -> None:
    """What the background worker does."""
    Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="test", excluded_queue_names=[],
    ).run()  # fmt: skip


def upload(client: Client, data: bytes, name: str = "工单.csv", **more: str) -> Any:
    return client.post("/matters/imports/upload", {"file": SimpleUploadedFile(name, data), **more})


def test_upload_preview_import_and_account(dispatcher: Viewer, client_for: ClientFor, town: Any) -> None:
    client = client_for(dispatcher)
    page = client.get("/matters/imports").content.decode()
    assert "导入与回传" in page
    answer = upload(client, comma(TICKETS))
    assert answer.status_code == 302
    preview = client.get(answer["Location"]).content.decode()
    assert "核对列名" in preview and "永东街路灯不亮" in preview and "工单.csv 共 6 行" in preview
    assert not Report.objects.exists()
    batch = HotlineBatch.objects.get()
    fields = {f"column_{k}": v for k, v in {"number": "工单编号", "title": "标题", "text": "诉求内容", "received": "受理时间",
              "nature": "诉求类型", "community": "所属社区", "name": "来电人", "phone": "联系电话"}.items()}  # fmt: skip
    begun = client.post(f"/matters/imports/{batch.pk}/begin", fields)
    assert begun.status_code == 302
    assert "正在导入" in client.get(begun["Location"]).content.decode()
    client.post(f"/matters/imports/{batch.pk}/begin", fields)  # pressed twice
    work()
    page = client.get(begun["Location"]).content.decode()
    assert "正在导入" not in page and "第 4 行" in page and "下载退回的行" in page
    assert Report.objects.count() == 2
    refused = client.get(f"/matters/imports/{batch.pk}/refused")
    sheet = load_workbook(io.BytesIO(refused.content)).active
    assert sheet is not None and sheet.max_row == 5
    assert HotlineBatch.objects.get().refused == 4


def test_english_too(dispatcher: Viewer, client_for: ClientFor) -> None:
    client = client_for(dispatcher)
    client.cookies["django_language"] = "en"
    page = client.get("/matters/imports").content.decode()
    assert "Import and return" in page
    answer = upload(client, excel(TICKETS, "汇总"), "list.xlsx")
    assert "Check the columns" in client.get(answer["Location"]).content.decode()


def test_a_file_that_cannot_be_read_is_said_beside_the_field(dispatcher: Viewer, client_for: ClientFor) -> None:
    answer = upload(client_for(dispatcher), b"\x00\x01nothing")
    assert answer.status_code == 422
    assert "无法识别这个文件" in answer.content.decode()
    assert not HotlineBatch.objects.exists()


def test_a_missing_column_is_asked_for(dispatcher: Viewer, client_for: ClientFor) -> None:
    client = client_for(dispatcher)
    where = upload(client, comma(TICKETS))["Location"]
    answer = client.post(f"{where}/begin", {"column_text": "", "column_received": "受理时间"})
    assert answer.status_code == 422
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "who", ["alice", "officer", "department_officer", "auditor", "stranger", "keeper", "anonymous"]
)
def test_nobody_else_sees_them(
    who: str, dispatcher: Viewer, client_for: ClientFor, request: pytest.FixtureRequest
) -> None:
    where = upload(client_for(dispatcher), comma(TICKETS))["Location"]
    client = client_for(request.getfixturevalue(who))
    for address in ("/matters/imports", where, f"{where}/refused", "/matters/imports/paper-form"):
        assert client.get(address).status_code in (302, 403, 404), address
    for address in ("/matters/imports/upload", f"{where}/begin", "/matters/imports/results", f"{where}/results"):
        assert client.post(address).status_code in (302, 403, 404), address
    assert not Report.objects.exists()


def test_results_go_back_as_excel_and_csv_on_the_record(
    dispatcher: Viewer, client_for: ClientFor, town: Any, at: dt.datetime
) -> None:
    client = client_for(dispatcher)
    rows = [
        ("工单编号", "内容", "受理时间", "答复意见", "答复时间"),
        ("A1", "灯不亮", "2026-09-01", "已修", "2026-09-03"),
    ]
    where = upload(client, comma(rows))["Location"]
    client.post(f"{where}/begin", {"column_number": "工单编号", "column_text": "内容", "column_received": "受理时间",
                                   "column_reply": "答复意见", "column_replied": "答复时间"})  # fmt: skip
    work()
    matter = Matter.objects.get()
    csv = client.post("/matters/imports/results", {"since": "2026-09-01", "until": "2026-09-30", "kind": "csv"})
    assert csv["Content-Type"].startswith("text/csv")
    assert f"A1,{matter.reference}" in csv.content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(client.post(f"{where}/results").content)).active
    assert sheet is not None and sheet["A2"].value == "A1"
    assert audit.chain(HotlineBatch.objects.get())[-1].verb == "matters.results_returned"
    wrong = client.post("/matters/imports/results", {"since": "x", "until": "", "kind": "csv"})
    assert wrong.status_code == 422


def test_the_empty_paper_form_is_offered(dispatcher: Viewer, client_for: ClientFor) -> None:
    answer = client_for(dispatcher).get("/matters/imports/paper-form")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None and sheet["D1"].value == "反映内容"
