"""The words of the demo town's postings. Everything is invented."""

from dataclasses import dataclass

BOARDS = ("大圩社区公示栏", "永东街口公告栏")


@dataclass(frozen=True, slots=True)
class Story:
    """A posting's words."""

    item: str
    title: str
    text: str
    title_en: str = ""
    text_en: str = ""
    places: tuple[str, ...] = BOARDS


ENDED = Story(
    "relief_and_donations", "上季度救助和捐赠款物使用情况",
    "本季度收到捐款 42600.00 元，发放临时救助 11 户，共 38500.00 元，余额 4100.00 元转入下季度。\n发放依据和签收表可以在社区服务中心查看。",
    "Relief and donations, last quarter",
    "Donations of 42,600.00 yuan were received; 11 households were given 38,500.00 yuan; 4,100.00 yuan are carried over.",
)  # fmt: skip
CORRECTED = Story(
    "committee_accounts", "上一期财务收支", "收入 168200.00 元，支出 121040.00 元，余额 47160.00 元。\n主要支出：路灯维修 36000.00 元，保洁 58040.00 元，办公 27000.00 元。",
    "Accounts of the period before",
)  # fmt: skip
CORRECTED_TEXT = (
    "收入 168200.00 元，支出 126540.00 元，余额 41660.00 元。\n"
    "主要支出：路灯维修 36000.00 元，保洁 58040.00 元，办公 27000.00 元，下水道疏通 5500.00 元。\n更正：补记下水道疏通一笔。"
)
UPHELD = ("支出一栏", "上一期疏通下水道付了钱，公布的账里没有这一笔。", "请核对后补上。")
UPHELD_ANSWER = "经核对，下水道疏通 5500.00 元漏记，异议成立，更正后重新张贴。"
CONSULTED = Story(
    "consultation_outcomes", "巷道停车协商结果",
    "居民议事厅三次协商，形成以下意见：永东街单侧停车，消防通道一侧不得停放；夜间 10 点后学校门前可以临时停放。\n这是协商意见，需要表决的部分另行召集会议。",
    "Outcome of the consultation on parking in the lanes",
    "Parking on one side of Yongdong Street, none on the fire lane; after 10 p.m. cars may stand before the school.",
)  # fmt: skip
PROPOSAL = Story(
    "proposal", "旧市场门前增设遮雨廊的方案",
    "拟在旧市场门前加建 24 米遮雨廊，造价约 86000.00 元，由社区集体收入列支，工期 30 日。\n施工期间市场照常营业，东侧人行道改走对面。",
    "Proposal: a covered walk before the old market",
    "A covered walk of 24 metres, about 86,000.00 yuan from the community's income, 30 days of work.",
)  # fmt: skip
ANSWERED = ("造价", "去年同样的廊子只要 7 万元。", "请公布报价单。")
ANSWER = "三家报价已附在方案后，最低为 86000.00 元；去年的廊子没有排水沟。报价单可以在社区查看。"
OPEN = ("施工期间的人行道", "改走对面要过两次马路，老人和学生不安全。", "请留出一条临时通道。")
HANGING = Story(
    "committee_accounts", "本期财务收支", "收入 171500.00 元，支出 119800.00 元，余额 51700.00 元。\n明细和票据可以在社区财务室查看。",
    "Accounts of this period",
)  # fmt: skip
WATER = Story(
    "announcement", "周四检修停水", "周四 9 时至 16 时检修水管，永东街、向东街停水，请提前储水。", "No water on Thursday",
    "The pipes of Yongdong and Xiangdong Streets are mended on Thursday from 9 to 16.",
)  # fmt: skip
COOPERATIVE = Story(
    "cooperative_accounts", "白界西经济社月度收支和合同",
    "租金收入 264000.00 元，支出 98600.00 元。本月新签合同 1 份：仓库出租，租期 2 年，年租金 96000.00 元。",
    "Monthly accounts and contracts of the cooperative", "", ("白界西祠堂前公示栏",),
)  # fmt: skip
PLANNED = Story(
    "proposal", "社区服务中心开放时间调整方案", "拟将周末开放时间由 9—12 时改为 9—17 时，增加志愿者轮值。\n意见请在公示期内提出。",
    "Proposal: longer hours of the service centre",
)  # fmt: skip
