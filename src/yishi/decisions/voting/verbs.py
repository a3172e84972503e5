"""Acts of meetings, rolls and boxes that are not events of the procedure, with their sentences."""

from yishi.core.registry import Verb

VERBS = (
    Verb("decisions.unit_imported", "导入房屋和业主 {rows} 行", "{rows} rows of units and owners taken in"),
    Verb("decisions.roll_drawn", "按 {on} 的事实生成名册，{lines} 行", "roll drawn from the facts of {on}, {lines} lines"),
    Verb("decisions.roll_imported", "导入名册 {lines} 行", "roll of {lines} lines taken in"),
    Verb("decisions.roll_noted", "登记名册变动（{reason}）", "change of the roll noted ({reason})"),
    Verb("decisions.meeting_convened", "召集会议，{items} 项议程", "meeting convened with {items} items"),
    Verb("decisions.meeting_noticed", "发出会议通知", "notice of the meeting given"),
    Verb("decisions.notice_delivered", "登记通知送达（{way}）", "delivery of the notice recorded ({way})"),
    Verb("decisions.meeting_begun", "宣布开会", "meeting begun"),
    Verb("decisions.item_taken_up", "进入第 {number} 项", "item {number} taken up"),
    Verb("decisions.poll_left", "第 {number} 项没有投票，离开议程", "item {number} left the agenda without a poll"),
    Verb("decisions.meeting_ended", "宣布闭会", "meeting ended"),
    Verb("decisions.meeting_cancelled", "取消会议", "meeting cancelled"),
    Verb("decisions.many_signed_in", "纸质签到录入 {people} 人", "{people} people signed in from paper"),
    Verb("decisions.ballot_revoked", "本人到场撤回所投的票", "ballot revoked in person"),
    Verb("decisions.paper_issued", "发出纸质票 {papers} 张", "{papers} paper ballots handed out"),
    Verb("decisions.paper_spoiled", "作废并换发纸质票 {serial}", "paper ballot {serial} given back and replaced"),
    Verb("decisions.paper_keyed", "录入纸质票 {serial}", "paper ballot {serial} keyed"),
    Verb("decisions.paper_counted", "清点并录入票箱", "paper box counted and keyed"),
    Verb("decisions.recount_keyed", "录入重新计票（{basis}）", "recount keyed ({basis})"),
    Verb("decisions.batch_taken", "收到离线票箱一批：{taken} 张，冲突 {conflicts} 张", "offline booth handed in: {taken} ballots, {conflicts} conflicts"),
    Verb("decisions.box_closed", "停止收票", "box closed"),
    Verb("decisions.minutes_drafted", "起草会议记录", "minutes drafted"),
    Verb("decisions.minutes_changed", "修改会议记录", "minutes changed"),
    Verb("decisions.correction_asked", "对会议记录提出更正", "correction of the minutes asked for"),
    Verb("decisions.correction_answered", "答复更正", "correction answered"),
    Verb("decisions.minutes_signed", "在会议记录上签名", "minutes signed"),
    Verb("decisions.minutes_closed", "会议记录定稿", "minutes closed"),
)  # fmt: skip
