"""Settings are refused by the name of the variable; what is not set has a safe default."""

import subprocess
import sys
from pathlib import Path

import pytest

from yishi.config import databases, environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YISHI_DATABASE_POOL", "many"), ("YISHI_DATABASE_URL", "mysql://x"), ("YISHI_LANGUAGE", "fr"),
        ("YISHI_EMAIL_URL", "pigeon:"), ("YISHI_DEBUG", "perhaps"), ("YISHI_DATABASE_URLL", "x"),
        ("YISHI_LOG_LEVEL", "LOUD"), ("YISHI_PAGE_CACHE_SECONDS", "-1"), ("YISHI_TIME_ZONE", "Mars/Olympus"),
        ("YISHI_TIME_ZONE", "../etc/passwd"), ("YISHI_SMS_BACKEND", "no.such.Backend"), ("YISHI_SMS_BACKEND", "words"),
        ("YISHI_MAP_TILES", "https://tiles.example/"), ("YISHI_URL", "yishi.example"), ("YISHI_OPENID_SERVER", "login"),
    ],
)  # fmt: skip
def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(environment.BadEnvironment, match=name + ":"):
        environment.read()


def test_all_faults_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YISHI_LANGUAGE", "fr")
    monkeypatch.setenv("YISHI_TYPO", "1")
    with pytest.raises(environment.BadEnvironment) as refused:
        environment.read()
    assert "YISHI_LANGUAGE" in str(refused.value)
    assert "YISHI_TYPO" in str(refused.value)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"YISHI_OPENID_SERVER": "https://id.example"}, ("YISHI_OPENID_CLIENT_ID", "YISHI_OPENID_SECRET")),
        ({"YISHI_OPENID_SECRET": "s"}, ("YISHI_OPENID_SERVER", "YISHI_OPENID_CLIENT_ID")),
        ({"YISHI_WECHAT_APP_ID": "wx"}, ("YISHI_WECHAT_SECRET",)),
    ],
)
def test_what_belongs_together_is_asked_for_by_name(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: tuple[str, ...]
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(environment.BadEnvironment) as refused:
        environment.read()
    assert all(f"{name}: needed beside" in str(refused.value) for name in named)


def test_a_misspelt_line_of_the_file_is_named_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("YISHI_LANGAUGE=en\nANOTHER_APP=1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(environment.BadEnvironment, match="YISHI_LANGAUGE: unknown setting") as refused:
        environment.read()
    assert "ANOTHER_APP" not in str(refused.value)


def test_hosts_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YISHI_HOSTS", "yishi.example, www.yishi.example")
    assert environment.read().hosts == ("yishi.example", "www.yishi.example")


def test_a_start_with_a_bad_variable_says_so_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import yishi.config.settings"],
        env={"YISHI_PORTT": "1", "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "YISHI_PORTT: unknown setting" in done.stderr
    assert "Traceback" not in done.stderr


def test_databases() -> None:
    sqlite = databases.from_url("", Path("/data"), 4)
    assert (sqlite["NAME"], sqlite["OPTIONS"]["transaction_mode"]) == ("/data/yishi.sqlite3", "IMMEDIATE")
    server = databases.from_url("postgresql://me:p%40ss@db:5433/town?sslmode=require", Path(), 4)
    assert (server["USER"], server["PASSWORD"], server["HOST"], server["PORT"]) == ("me", "p@ss", "db", "5433")
    assert (server["NAME"], server["OPTIONS"]["sslmode"], server["OPTIONS"]["pool"]["max_size"]) == (
        "town",
        "require",
        4,
    )
    assert server["OPTIONS"]["prepare_threshold"] == 1 and "prepare" not in server["OPTIONS"]
    assert databases.postgresql("postgresql://db/town?prepare=no", 4)["OPTIONS"]["prepare_threshold"] is None
