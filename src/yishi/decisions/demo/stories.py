"""What the demo town decides: titles and motions, all invented."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

PAID = "工程款由经济社集体收益支付，分两次：开工付三成，验收后付清。"


@dataclass(frozen=True, slots=True)
class Story:
    """A matter on its way: ``until`` names the last event that has happened (see ``courses``)."""

    title: str
    text: str
    until: str
    amount: int = 260000
    yes: int = 24
    legality: bool = False
    comments: tuple[tuple[str, str, str], ...] = field(default=())

    @property
    def facts(self) -> dict[str, Any]:
        """The number that decides the route."""
        return {"amount": Decimal(self.amount)}


ADOPTED, PARTLY, NOT = "adopted", "partly", "not_adopted"
FOUR = (
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
    Story("排水渠清淤加盖", "清淤 1,100 米，临街段加盖 400 米，设检查口。" + PAID, "posted", 390000),
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
