"""Names for the demo town. Communities carry the names of Dali's places; everything else is invented."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COMMUNITIES: tuple[tuple[str, str], ...] = (
    ("大圩", "Dawei"), ("太平", "Taiping"), ("沥苑", "Liyuan"), ("沥南", "Linan"), ("沥雄", "Lixiong"),
    ("沥兴", "Lixing"), ("直街", "Zhijie"), ("六村", "Liucun"), ("华夏", "Huaxia"), ("岐阳", "Qiyang"),
    ("嘉怡", "Jiayi"), ("洞庭", "Dongting"), ("江北", "Jiangbei"), ("沥北", "Libei"), ("沥东", "Lidong"),
    ("沥西", "Lixi"), ("沥中", "Lizhong"), ("雅瑶", "Yayao"), ("联滘", "Lianjiao"), ("凤池", "Fengchi"),
    ("水头", "Shuitou"), ("奇槎", "Qicha"), ("钟边", "Zhongbian"), ("大镇", "Dazhen"), ("谢边", "Xiebian"),
    ("曹边", "Caobian"), ("黄岐", "Huangqi"), ("六联", "Liulian"), ("泌冲", "Bichong"), ("白沙", "Baisha"),
    ("沙溪", "Shaxi"), ("盐步", "Yanbu"), ("河东", "Hedong"), ("河西", "Hexi"), ("联安", "Lian'an"),
    ("平地", "Pingdi"), ("横江", "Hengjiang"), ("东秀", "Dongxiu"), ("岐丰", "Qifeng"), ("岐城", "Qicheng"),
    ("渔业", "Yuye"), ("长虹岭", "Changhongling"),
)  # fmt: skip
RURAL = 27  # communities with cooperatives under them; the others are made of estates

COOPERATIVE_SIDES = _words("东 西 南 北 上 下 中 新 大 石 沙 榕")
COOPERATIVE_PLACES = _words("头 便 约 坊 围 岗 塘 基 埠 巷")
ESTATES = _words(
    "御水岸 荔景苑 翠湖居 江畔花园 金荷苑 听涛轩 桂香里 榕华苑 南苑新村 和顺居 锦绣湾 碧荷园 龙津阁 明月苑 水岸人家 "
    "紫荆园 怡景台 福满庭 时光里 清风苑 禾田居 银杏苑 丽晶台 观澜居 凤凰城北苑 春晓花园 天悦轩 星辉苑 万和里 朗晴居"
)
PROPERTY_COMPANIES = _words("清荷物业 安居里物业 荔乡物业 和风物业 广厦物业 同心物业 康庭物业 碧水物业")
FIRMS = _words("铝材 纺织 内衣 五金 物流 家居 灯饰 食品 包装 机电 汽配 酒店用品 塑料")

DEPARTMENTS: tuple[tuple[str, str], ...] = (
    ("党政综合办公室", "General Office"), ("党建工作办公室", "Party Building Office"),
    ("综合治理办公室", "Office for Public Order"), ("综合行政执法办公室", "Urban Management and Enforcement Office"),
    ("城建和水利办公室", "Construction and Water Office"), ("社会事务办公室", "Social Affairs Office"),
    ("经济发展办公室", "Economic Development Office"), ("农业农村办公室", "Agriculture and Rural Affairs Office"),
    ("应急管理办公室", "Emergency Management Office"), ("生态环境监督站", "Environmental Supervision Station"),
    ("公共服务办公室", "Public Services Office"), ("市场监管所", "Market Supervision Station"),
    ("交警中队", "Traffic Police Squadron"), ("农村集体资产管理办公室", "Collective Assets Office"),
)  # fmt: skip
OTHER_DEPARTMENT_BRANCHES = 30  # organ branches of the town

SURNAMES = _words(
    "陈 黄 李 梁 何 林 张 吴 罗 谢 邓 周 冯 曾 潘 杜 关 麦 区 冼 苏 卢 叶 郑 钟 孔 谭 黎 霍 邝 伍 劳 庞 莫 招 颜 简 江 欧阳"
)
GIVEN_MEN = _words(
    "志强 国华 建业 锦波 启明 伟雄 卫东 耀辉 永康 家豪 俊杰 子轩 浩然 文彬 绍良 柏林 景山 炳坤 少峰 健民 立新 德胜 树根 天佑 宇航"
)
GIVEN_WOMEN = _words(
    "秀英 敏仪 玉珍 慧敏 晓岚 文静 丽娟 淑贞 婉婷 雪梅 思琪 佩珊 凤仪 月娥 巧儿 艳芳 嘉欣 诗雅 惠芬 少霞 美玲 若琳 春兰 洁莹 桂香"
)
RELATIONS = ("户主", "配偶", "子", "女", "母", "父", "孙")
STREETS = _words("大圩路 荔枝街 榕树头 文昌里 龙津路 宝安街 和平里 新兴路 祠堂巷 涌边路 工业大道 禾花街")
