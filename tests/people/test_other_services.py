"""Signing in by OpenID Connect and WeChat: there when switched on by the environment, and only then."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.database import migrated_copy

from yishi.network.viewers import Viewer

PROBE = """
import django; django.setup()
from django.test.utils import setup_test_environment; setup_test_environment()
import pytest
from django.test import Client
page = Client().get("/account/login/")
print("openid" in page.content.decode(), "weixin" in page.content.decode(), page["Content-Security-Policy"])
"""


def _login_page(tmp_path: Path, **more: str) -> str:
    migrated_copy(tmp_path)
    given = {k: v for k, v in os.environ.items() if not k.startswith("YISHI_")} | {
        "DJANGO_SETTINGS_MODULE": "yishi.config.settings", "YISHI_DATA_DIR": str(tmp_path), "YISHI_DEBUG": "true"
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", PROBE], env=given | more, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_both_are_offered_when_switched_on_and_forms_may_lead_there(tmp_path: Path) -> None:
    page = _login_page(
        tmp_path, YISHI_OPENID_SERVER="https://id.example.org/realm", YISHI_OPENID_CLIENT_ID="a",
        YISHI_OPENID_SECRET="b", YISHI_WECHAT_APP_ID="c", YISHI_WECHAT_SECRET="d",
    )  # fmt: skip
    assert page.startswith("True True")
    assert "https://id.example.org" in page and "https://open.weixin.qq.com" in page


@pytest.mark.slow
def test_neither_is_offered_by_default(tmp_path: Path) -> None:
    page = _login_page(tmp_path)
    assert page.startswith("False False") and "weixin" not in page


def test_guessing_a_password_is_slowed_down(alice: Viewer, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    client, where = Client(), reverse("account_login")
    pages = [client.post(where, {"login": "19900000001", "password": f"wrong{i}"}) for i in range(7)]
    from tests.people_fixtures import PASSWORD

    right = client.post(where, {"login": "19900000001", "password": PASSWORD})
    assert pages[0].status_code == 200 and right.status_code != 302
