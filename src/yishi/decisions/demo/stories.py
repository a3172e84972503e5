"""What the demo town decides: titles and motions, all invented."""

import random
from dataclasses import dataclass, field

from yishi.network.demo_words import GIVEN_MEN, GIVEN_WOMEN, SURNAMES

FOUR_STAGES = (
    "nothing", "drafted", "proposed", "consulted", "reviewed", "noticed", "voting", "failed", "posted", "paid",
    "account", "settled",
)  # fmt: skip
PAID = "工程款由经济社集体收益支付，分两次：开工付三成，验收后付清。"


@dataclass(frozen=True, slots=True)
class Story:
    """A matter on its way: ``until`` names the last of the stages that it has reached; ``aside`` why one recuses."""

    title: str
    text: str
    until: str
    amount: int = 260000
    yes: int = 24
    legality: bool = False
    comments: tuple[tuple[str, str, str], ...] = field(default=())
    aside: str = ""


ADOPTED, PARTLY, NOT = "adopted", "partly", "not_adopted"
FOUR = (
    Story("祠堂东侧停车场加装监控和照明", "在祠堂东侧停车场装摄像头 12 个、路灯 16 盏，录像保存三十日，由经济社专人管理。" + PAID, "voting", 236000,
          comments=(("镜头不要对着住家的窗。", ADOPTED, "方案写明镜头朝向，装好后请住户一起查看。"),)),
    Story("西便巷旧鱼塘边加护栏", "沿旧鱼塘东、南两边加装护栏 210 米，高 1.1 米，并装四盏路灯。" + PAID, "nothing", 220000),
    Story("祠堂前广场铺砖和无障碍坡道", "铺透水砖 900 平方米，祠堂正门和侧门各做一条无障碍坡道。" + PAID, "drafted", 310000,
          comments=(("坡道能不能再缓一点，老人推轮椅上不去。", ADOPTED, "改为 1:12 的坡度，已写进第二版图纸。"),)),
    Story("经济社仓库出新屋顶", "更换仓库屋顶 1,200 平方米，旧瓦清运，保留老墙。" + PAID, "proposed", 280000),
    Story("涌边步道修补", "修补涌边步道 640 米，更换破损栏杆 80 米，沿线种树 60 棵。" + PAID, "consulted", 450000,
          comments=(("少种树，多留停车位。", NOT, "步道红线内不得停车；停车另提方案。"), ("灯不要太亮，照到屋里睡不着。", PARTLY, "换低位灯，靠近住宅一侧加遮光罩。"))),
    Story("老饭堂改作长者食堂", "老饭堂改作长者食堂，设 60 个座位，厨房明厨亮灶。" + PAID, "reviewed", 520000, legality=True),
    Story("球场翻新和夜间照明", "翻新灯光球场一个，夜间十点熄灯，周边加隔声挡板。" + PAID, "reviewed", 240000),
    Story("村口牌坊修缮", "修缮村口牌坊，加固基础，保留原有题字。" + PAID, "noticed", 205000),
    Story("出租西边空地作停车场", "西边空地 2,300 平方米作临时停车场，租期两年，先供本社住户。" + PAID, "failed", 230000, yes=20),
    Story("排水渠清淤加盖", "清淤 1,100 米，临街段加盖 400 米，设检查口。" + PAID, "posted", 390000,
          aside="清淤船的出租人是其姐夫。"),
    Story("街坊图书角和自习室", "把旧值班室改作图书角和自习室，由志愿者轮值开门。" + PAID, "paid", 210000),
    Story("三处四小园", "在三处边角地建小菜园、小花园各一、小公园一处，由党员认养管护。" + PAID, "account", 268000),
    Story("主街雨污分流收尾", "主街剩余 320 米雨污分流，恢复路面，夜间不施工。" + PAID, "settled", 480000,
          comments=(("施工时请留出送菜的路。", ADOPTED, "每段留 3 米通道，七点前完成当日铺板。"),)),
)  # fmt: skip
SHED = (
    "在小区南门公共绿地上建电动车充电棚",
    "占用南门公共绿地 180 平方米，建防火充电棚一座，48 个充电位，由物业企业管理，收支每季公布。绿地改变用途，须全体业主共同决定。",
)
LAND = (
    "征地补偿费的使用和分配方案",
    "本期征地补偿费按章程提取公积金、公益金，其余按确认的份额分配，名单和数额张贴公布。",
)
PARKING = ("更换小区物业服务企业", "现物业合同到期，公开比选新的物业服务企业，合同三年，业主委员会每年公布一次考评。")
ELECTION = ("北便村村民委员会换届选举", "依法选举村民委员会成员 2 名，由村民选举委员会主持，秘密写票，公开唱票。")
REPAIR = (
    "修补仓库门和院内积水路面",
    "更换仓库卷帘门两扇，修补院内积水路面 160 平方米，费用 88000 元以内，验收后付清。",
)
PUMPS = ("购置社区防汛水泵和沙袋", "购置移动水泵两台、沙袋 800 只，存放在社区仓库，费用 36000 元，由社区集体收入列支。")
LANE = (
    "永东街后巷铺路筹资",
    "后巷 210 米现为泥路，雨天积水。拟铺透水砖，自愿筹资：每户不超过 300 元，困难户免交，不足部分由社区集体收入补足。账目每月公布。",
)
LIFTS = (
    "使用维修资金更换 3 座、5 座的电梯",
    "3 座、5 座电梯已使用十九年，检验报告建议更换。拟使用专项维修资金更换四部，三家比价，施工期间保留一部运行，决算公布。",
)
PAPERS = {
    "opinion": "党支部讨论，同意提交会议决定，建议把付款分两次、验收后付清写进方案。",
    "letter": "已书面告知社区居民委员会，附方案全文。",
    "minutes": "会议记录：到会人数、发言要点和一致意见记录在案，附签到表。",
    "nominations": "村民提名，按得票确定候选人 3 名。", "handover_list": "印章、账册、档案、资产清单已移交，双方签字。",
}  # fmt: skip


def invented(count: int) -> list[str]:
    """So many invented names."""
    chance = random.Random(count)
    return [chance.choice(SURNAMES) + chance.choice(GIVEN_MEN + GIVEN_WOMEN) for _ in range(count)]
