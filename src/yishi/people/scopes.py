"""What an API token may be used for. A token never does more than its owner may."""

from django.utils.translation import gettext_lazy as _

SCOPES = {
    "network:read": _("读组织与任职"),
    "network:write": _("维护组织与任职"),
    "people:read": _("读自己的资料与所管的住户名册"),
    "people:write": _("核实住户、开邀请码、代办"),
    "matters:read": _("读事项与自己的反映"),
    "matters:write": _("反映与办理事项"),
    "decisions:write": _("提出、评论、联名要决定的事"),
    "publication:read": _("读公示办理与公开任务"),
    "publication:write": _("拟订、张贴公示，提异议与答复"),
    "commitments:write": _("办理责任事项"),
    "inbox:read": _("读自己的消息"),
    "inbox:write": _("关注与标记已读"),
}
