"""`yishi migrate` and `yishi create-admin`."""

import os
from typing import Annotated, Any, cast

import typer

from yishi.commands.console import fail, is_interactive, plain_errors, progress, ready, say, tell

app = typer.Typer()


def bring_up_to_date() -> int:
    """Run the migrations that are missing, with a progress bar; returns how many."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return 0
    with progress("升级数据库", "Bringing the database up to date", len(waiting)) as tick:

        def moved(action: str, migration: Any = None, fake: bool = False) -> None:
            if action == "apply_success":
                tick(1)

        executor.progress_callback = cast(Any, moved)
        executor.migrate(executor.loader.graph.leaf_nodes(), waiting)
    call_command("migrate", verbosity=0, interactive=False)  # what follows a migration: content types
    return len(waiting)


def collect_assets() -> None:
    """Put styles, scripts and icons where the web server serves them from."""
    from django.conf import settings
    from django.core.management import call_command

    if not settings.DEBUG:
        call_command("collectstatic", verbosity=0, interactive=False)


@app.command()
def migrate() -> None:
    """升级数据库结构。 Bring the database up to date; repeating it changes nothing.

    例 Example: yishi migrate
    """
    with plain_errors():
        ready()
        count = bring_up_to_date()
        tell(
            f"完成，执行了 {count} 步。" if count else "数据库已是最新。",
            f"Done: {count} steps." if count else "The database is up to date.",
        )


@app.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Option(help="邮箱 · e-mail")] = "",
    phone: Annotated[str, typer.Option(help="手机号 · phone number")] = "",
) -> None:
    """建管理员账号：管系统，不办事项。 Make a keeper's account: keeps the installation, decides nothing.

    密码由提示输入，或取环境变量 ADMIN_PASSWORD。 The password is asked for, or read from ADMIN_PASSWORD.

    例 Example: yishi create-admin --email keeper@example.org
    """
    with plain_errors():
        ready()
        if not email and not phone and is_interactive():
            email = typer.prompt(say("邮箱", "E-mail"))
        if not email and not phone:
            raise fail("请给出 --email 或 --phone。", "Give --email or --phone.")
        _make_keeper(email, phone, _password())
        tell(
            f"已建管理员账号 {email or phone}。管理员管系统，不能受理、派单或评价事项。",
            f"Keeper's account {email or phone} made. A keeper keeps the installation and decides no matter.",
        )


def _password() -> str:
    given = os.environ.get("ADMIN_PASSWORD", "")
    if given:
        return given
    if not is_interactive():
        raise fail("请在终端运行，或设 ADMIN_PASSWORD。", "Run it in a terminal, or set ADMIN_PASSWORD.")
    return str(typer.prompt(say("密码", "Password"), hide_input=True, confirmation_prompt=True))


def _make_keeper(email: str, phone: str, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.validators import validate_email

    from yishi.people.models import User

    validate_password(password)
    if email:
        validate_email(email)
    if (email and User.objects.filter(email__iexact=email).exists()) or (
        phone and User.objects.filter(phone=phone).exists()
    ):
        raise fail(
            f"账号 {email or phone} 已存在；换一个，或用“忘记密码”。",
            f"The account {email or phone} exists; choose another, or use “forgot password”.",
        )
    User.objects.create_user(email=email or None, phone=phone or None, password=password, is_keeper=True)
