"""The tables to fill in; what stands in them is an example."""

VENUES = [
    ["名称", "经度", "纬度", "服务", "开放时间", "社区"],
    ["东街驿站", "113.5391", "22.1892", "政务；议事", "周一至周五 9:00-12:00,14:00-17:30", "东社区"],
    ["西街活动中心", "113.5352", "22.1905", "议事；托老", "每天 8:30-21:00", "西社区"],
]
PEOPLE = [
    ["编号", "经度", "纬度", "社区", "楼栋", "人数", "步速"],
    ["H-001", "113.5385", "22.1899", "东社区", "1 栋", "3", ""],
    ["H-002", "113.5360", "22.1911", "西社区", "2 栋", "2", "0.8"],
]
TABLES = {"venues": VENUES, "people": PEOPLE}


def as_csv(table: str) -> str:
    """One of `TABLES` as CSV."""
    return "".join(",".join(f'"{c}"' if "," in c else c for c in row) + "\n" for row in TABLES[table])
