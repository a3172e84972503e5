"""Initials of words whose characters have another reading than their usual one; everyday town talk and place names.

The dictionary's first reading of a character is right nearly always; these are the words where it is not.
Place names follow the local reading: 涌 chōng and 圩 xū in Guangdong.
"""

import re

_WORDS = """
银行 yh 行业 hy 行情 hq 商行 sh 车行 ch 同行业 thy 分行 fh 支行 zh 行距 hj 长凳 cd 长椅 cy 长期 cq 长度 cd 长廊 cl 长明灯 cmd 长途 ct
长假 cj 长短 cd 长龙 cl 过长 gc 太长 tc 延长 yc 长跑 cp 重建 cj 重新 cx 重复 cf 重修 cx 重做 cz 重启 cq 重铺 cp 重开 ck 重装 cz
重来 cl 重叠 cd 双重 sc 重阳 cy 重庆 cq 音乐 yy 乐器 yq 乐队 yd 奏乐 zy 声乐 sy 民乐 my 器乐 qy 调解 tj 空调 kt 调节 tj 协调 xt
调整 tz 调试 ts 调皮 tp 调高 tg 调低 td 便宜 py 会计 kj 人参 rs 海参 hs 西藏 xz 宝藏 bz 藏族 zz 投降 tx 传记 zj 自传 zz 单县 sx
弹簧 th 弹性 tx 弹钢琴 tgq 动弹 dt 曝光 bg 厦门 xm 恐吓 kh 校对 jd 校准 jz 校验 jy 系鞋带 jxd 系安全带 jaqd 系紧 jj 巷道 hd 关卡 gq
奇数 js 给水 js 供给 gj 给排水 jps 补给 bj 象棋车 xqj 否极 pj 率先 sx 提防 df 标识 bz 盛饭 cf 盛水 cs 反省 fx 屏住 bz 一宿 yx
"""
# Words that hold to the usual reading where they run into one of those: 严重开裂 is no 重开, 业主大会计票 no 会计.
_GUARDS = """
曾经 cj 未曾 wc 不曾 bc 校长 xz 社长 sz 站长 zz 家长 jz 队长 dz 组长 zz 会长 hz 局长 jz 科长 kz 镇长 zz 村长 cz 区长 qz 市长 sz 部长 bz
院长 yz 处长 cz 所长 sz 班长 bz 楼长 lz 成长 cz 生长 sz 增长 zz 疯长 fz 严重 yz 体重 tz 尊重 zz 注重 zz 贵重 gz 沉重 cz 慎重 sz 隆重 lz 载重 zz 超重 cz
强调 qd 单调 dd 进行 jx 举行 jx 实行 sx 执行 zx 通行 tx 出行 cx 施行 sx 运行 yx 流行 lx 可行 kx 不行 bx 步行 bx 骑行 qx 人行 rx 发行 fx 自行 zx 飞行 fx
大会 dh 开会 kh 社会 sh 协会 xh 委会 wh 议会 yh 工会 gh 机会 jh 学校 xx 高校 gx 母校 mx 人参加 rcj 上海 sh 效率 xl 联系 lx 关系 gx 方便 fb 还给 hg 交给 jg
送给 sg 发给 fg 招商 zs 部分 bf 停车 tc 车行道 cxd 车行驶 cxs
"""
_CHARACTERS = {"涌": "c", "圩": "x", "曾": "z"}
_TOLD = (_WORDS + _GUARDS).split()
WORDS = dict(zip(_TOLD[::2], _TOLD[1::2], strict=True)) | _CHARACTERS
FOUND = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
