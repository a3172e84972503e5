"""The audit's sentences for work in the field: patrols and visits."""

from yishi.core.registry import Verb

FIELD_VERBS = (
    Verb("matters.patrol_planned", "制定巡查计划({questions} 项检查)", "Planned a patrol ({questions} questions)"),
    Verb("matters.lane_added", "加入第 {number} 条街巷", "Added lane {number}"),
    Verb("matters.lane_closed", "停止巡查这条街巷", "Stopped walking this lane"),
    Verb("matters.lane_walked", "完成巡查，发现 {found} 处问题", "Walked the lane and found {found} problems"),
    Verb("matters.lane_alarm_raised", "{starts_on} 至 {ends_on} 未巡查", "Not walked from {starts_on} to {ends_on}"),
    Verb("matters.lane_alarm_ended", "说明了未巡查的原因", "Explained why it was not walked"),
    Verb("matters.visit_written", "记了一次走访({leads} 条线索)", "Wrote down a visit ({leads} leads)"),
    Verb("matters.visit_changed", "更正走访日记", "Changed the visit diary"),
    Verb("matters.lead_raised", "把线索转为事项", "Made a lead a matter"),
    Verb("matters.lead_dropped", "线索作罢", "Left a lead"),
)
