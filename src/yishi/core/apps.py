from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "yishi.core"
    label = "core"

    def ready(self) -> None:
        """Register the acts of keeping an installation."""
        from yishi.core import registry
        from yishi.core.forms import plain_words

        plain_words()

        registry.register(
            verbs_=[
                registry.Verb(
                    "core.exported", "导出了全部数据（校验值 {digest}）", "exported everything (digest {digest})"
                ),
                registry.Verb(
                    "core.backed_up", "备份了全部数据（校验值 {digest}）", "backed up everything (digest {digest})"
                ),
                registry.Verb("core.restored", "从 {source} 恢复了全部数据", "restored everything from {source}"),
            ]
        )
