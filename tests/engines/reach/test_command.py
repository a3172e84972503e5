"""`yishi reach`: the command as a person or a script calls it."""

import itertools
import json

import networkx as nx
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from yishi.commands.reach import app
from yishi.engines.reach import template

LANE = [("甲", 0), ("乙", 480), ("丙", 480.000001), ("丁", 720), ("戊", 720.5), ("己", 3000)]


def run(*arguments, language="zh"):
    return CliRunner().invoke(app, [str(a) for a in arguments], env={"YISHI_LANGUAGE": language})


@pytest.fixture
def lane(tmp_path):
    """Scenario 5: four venues at one end of a lane of known length, addresses along it, one without a way."""
    graph = nx.Graph(crs="epsg:4326")
    for i, (name, _) in enumerate(LANE):
        graph.add_node(name, x=113.0 + i / 1000, y=22.0)
    graph.add_node("岛", x=113.2, y=22.2)
    graph.add_node("岛东", x=113.201, y=22.2)
    graph.add_edge("岛", "岛东", length=100)
    for (one, a), (other, b) in itertools.pairwise(LANE):
        graph.add_edge(one, other, length=f"{b - a:.6f}")
    nx.write_graphml(graph, tmp_path / "lane.graphml", named_key_ids=True)
    (tmp_path / "venues.csv").write_text(
        "名称,路口,服务,开放时间\n东馆,甲,议事,每天 8:00-20:00\n西馆,甲,议事；托老,周一至周五 9:00-12:00\n南馆,甲,,\n北馆,甲,托老,周六 9:00-12:00\n",
        encoding="utf-8",
    )
    rows = "".join(f"{name},{name},东社区,{i % 2} 栋,{i + 1}\n" for i, (name, _) in enumerate(LANE))
    (tmp_path / "people.csv").write_text(
        "编号,路口,社区,楼栋,人数\n" + rows + "岛户,岛,西社区,1 栋,2\n", encoding="utf-8"
    )
    return tmp_path / "lane.graphml", tmp_path / "venues.csv", tmp_path / "people.csv"


def left_out(answer):
    return [p["name"] for p in answer["uncovered"]]


def test_ten_minutes_at_an_elders_pace_and_at_a_brisk_one(lane):
    slow = json.loads(run(*lane, "--minutes", 10, "--speed", "0.8", "--json").stdout)
    assert slow["question"]["limit_m"] == 480
    assert left_out(slow) == ["丙", "丁", "戊", "己", "岛户"]
    assert (slow["people"], slow["covered"]) == (23, 3)
    brisk = json.loads(run(*lane, "--minutes", 10, "--speed", "1.2", "--json").stdout)
    assert brisk["question"]["limit_m"] == 720
    assert left_out(brisk) == ["戊", "己", "岛户"]
    nearly = slow["uncovered"][0]
    assert nearly["distance_m"] == 480.000001
    assert "480.1 米" in nearly["reason"]["zh"]
    assert "0.1 m too far" in nearly["reason"]["en"]
    assert "不连通" in slow["uncovered"][-1]["reason"]["zh"]
    assert slow["uncovered"][-1]["distance_m"] is None


def test_by_place_building_and_venue(lane):
    answer = json.loads(run(*lane, "--speed", "0.8", "--json", "--everyone").stdout)
    assert [(p["place"], p["people"], p["covered"]) for p in answer["places"]] == [("东社区", 21, 3), ("西社区", 2, 0)]
    assert sum(b["people"] for b in answer["buildings"]) == 23
    assert {v["name"]: v["people"] for v in answer["venues"]} == {"东馆": 3, "西馆": 0, "南馆": 0, "北馆": 0}
    assert [p["name"] for p in answer["everyone"] if p["covered"]] == ["甲", "乙"]
    assert "23 人中 3 人" in answer["sentence"]["zh"]
    assert "3 of 23 people" in answer["sentence"]["en"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--service", "托老"], {"西馆", "北馆"}),
        (["--at", "2026-11-27 10:00"], {"东馆", "西馆"}),
        (["--at", "2026-11-27 10:00/13:00"], {"东馆"}),
        (["--at", "2026-11-28 10:00", "--service", "托老"], {"北馆"}),
        (["--at", "2026-11-27 22:00"], set()),
    ],
)
def test_services_and_hours(lane, options, names):
    answer = json.loads(run(*lane, *options, "--json").stdout)
    assert {v["name"] for v in answer["venues"] if v["counted"]} == names
    assert all(v["reason"] for v in answer["venues"] if not v["counted"])
    assert answer["covered"] == (10 if names else 0)
    if not names:
        assert "没有符合条件" in answer["uncovered"][0]["reason"]["zh"]


def test_a_slower_person_in_the_table_is_heeded(lane):
    graph, venues, people = lane
    people.write_text("id,node,speed\n甲一,乙,0.7\n甲二,乙,\n", encoding="utf-8")
    answer = json.loads(run(graph, venues, people, "--speed", "0.8", "--json").stdout)
    assert left_out(answer) == ["甲一"]
    assert answer["uncovered"][0]["limit_m"] == 420


def test_words_in_the_readers_language(lane):
    assert "不能按时走到的" in run(*lane).stdout
    assert "Not within reach" in run(*lane, language="en").stdout


def test_circles_and_people_left_out_on_a_map(lane):
    found = json.loads(run(*lane, "--geojson", "--service", "议事").stdout)
    kinds = [f["properties"]["kind"] for f in found["features"]]
    assert {k: kinds.count(k) for k in set(kinds)} == {"circle": 2, "venue": 2, "uncovered": 3}
    circle = found["features"][0]
    assert circle["geometry"]["type"] == "Polygon"
    ring = circle["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) > 0
    assert all(112.99 < lon < 113.01 and 21.99 < lat < 22.01 for lon, lat in ring)


def test_a_map_of_a_graph_in_metres_is_refused(tmp_path, lane):
    graph = nx.Graph(crs="epsg:3857")
    graph.add_node("甲", x=0.0, y=0.0)
    graph.add_node("乙", x=50.0, y=0.0)
    graph.add_edge("甲", "乙", length=50)
    nx.write_graphml(graph, tmp_path / "plane.graphml")
    lane[2].write_text("id,node\na,乙\n", encoding="utf-8")
    done = run(tmp_path / "plane.graphml", *lane[1:], "--geojson")
    assert done.exit_code == 2
    assert "--json" in json.loads(done.stdout)["error"]["en"]
    assert json.loads(run(tmp_path / "plane.graphml", *lane[1:], "--json").stdout)["covered"] == 1


def test_the_next_places_with_their_gap(lane, tmp_path):
    answer = json.loads(run("site", *lane, "--k", 1, "--speed", "0.8", "--json", "--gap", 0).stdout)
    assert answer["covered_before"] == 3
    assert answer["chosen"][0]["name"] in ("乙", "丙", "丁", "戊")
    assert answer["covered_after"] == 3 + 12
    assert answer["certificate"] == {"adds": 12, "at_most": 12, "gap": 0.0, "by": answer["certificate"]["by"]}
    assert "已证明最优" in answer["sentence"]["zh"]
    (tmp_path / "places.csv").write_text("name,node\n岛上,岛\n巷尾,己\n", encoding="utf-8")
    two = json.loads(run("site", *lane, tmp_path / "places.csv", "--k", 5, "--speed", "0.8", "--json").stdout)
    assert [(c["name"], c["adds"]) for c in two["chosen"]] == [("巷尾", 6), ("岛上", 2)]
    assert "proven best" in run("site", *lane, "--k", 2, language="en").stdout
    assert "候选点只有 2 处" in two["sentence"]["zh"] and "only 2 candidates" in two["sentence"]["en"]
    circles = json.loads(run("site", *lane, "--k", 2, "--geojson").stdout)
    assert len(circles["features"]) == 2


def test_places_that_add_nobody_are_not_listed(lane, tmp_path):
    (tmp_path / "places.csv").write_text("name,node\n巷口,甲\n巷尾,己\n又一处,己\n", encoding="utf-8")
    some = json.loads(run("site", *lane, tmp_path / "places.csv", "--k", 3, "--json").stdout)
    assert [c["name"] for c in some["chosen"]] == ["巷尾"]
    assert "再多设也不会多一个人可到" in some["sentence"]["zh"]
    assert len(json.loads(run("site", *lane, tmp_path / "places.csv", "--geojson").stdout)["features"]) == 1
    (tmp_path / "places.csv").write_text("name,node\n巷口,甲\n", encoding="utf-8")
    none = json.loads(run("site", *lane, tmp_path / "places.csv", "--k", 3, "--json").stdout)
    assert none["chosen"] == [] and none["covered_after"] == none["covered_before"]
    assert "No further venue adds anyone" in none["sentence"]["en"]
    wide = run("site", *lane, "--gap", 2, "--json")
    assert wide.exit_code == 2 and "0 到 1" in json.loads(wide.stdout)["error"]["zh"]


def test_what_a_move_changes(lane):
    base = json.loads(run(*lane, "--speed", "0.8", "--service", "议事", "--json").stdout)["covered"]
    moved = json.loads(run("move", *lane, "--venue", "西馆", "--to", "己", "--speed", "0.8", "--service", "议事", "--json").stdout)  # fmt: skip
    assert (moved["covered_before"], moved["covered_after"]) == (base, base + 6)
    assert [p["name"] for p in moved["won"]] == ["己"]
    assert moved["lost"] == []
    assert moved["to"]["node"] == "己"
    alone = run(
        "move", *lane, "--venue", "北馆", "--to", "113.2005,22.2", "--at", "2026-11-28 10:00", "--service", "托老"
    )
    assert "10 人变为不可到" in alone.stdout
    assert "岛户" in alone.stdout
    for venue, to in (("无", "己"), ("西馆", "无"), ("西馆", "500,22")):
        assert run("move", *lane, "--venue", venue, "--to", to).exit_code == 2
    closed = run("move", *lane, "--venue", "南馆", "--to", "己", "--service", "议事", "--json")
    assert "没有“议事”服务" in json.loads(closed.stdout)["error"]["zh"]


def test_the_templates_are_tables_it_reads(tmp_path, lane):
    for table in ("venues", "people"):
        shown = run("template", table)
        assert shown.stdout == template.as_csv(table)
        for name in ("t.xlsx", "t.csv"):
            assert run("template", table, "--out", tmp_path / f"{table}.{name}").exit_code == 0
    answer = run(lane[0], tmp_path / "venues.t.xlsx", tmp_path / "people.t.csv", "--json")
    found = json.loads(answer.stdout)
    assert found["people"] == 5
    assert "GCJ-02" in found["notes"][0]["en"]
    assert run("template", "houses").exit_code == 2
    assert run("template", "--out", tmp_path / "t.doc").exit_code == 2


def test_faults_are_said_without_a_traceback(lane, tmp_path):
    graph, venues, people = lane
    assert run().exit_code == 2
    assert run(tmp_path / "none.graphml", venues, people).exit_code == 2
    people.write_text("编号,路口\n甲,甲\n乙,无此处\n", encoding="utf-8")
    done = run(graph, venues, people, "--json")
    assert done.exit_code == 2
    assert "第 3 行 “路口”列" in json.loads(done.stdout)["error"]["zh"]
    assert "row 3, column “路口”" in json.loads(done.stdout)["error"]["en"]
    for options in (["--minutes", "0"], ["--minutes", "1e9"], ["--speed", "fast"], ["--speed", "99"], ["--at", "noon"]):
        refused = run(*lane, *options, "--json")
        assert refused.exit_code == 2
        assert {"zh", "en"} == set(json.loads(refused.stdout)["error"])


def test_excel_tables_and_the_word_cover(lane, tmp_path):
    book = Workbook()
    for row in (["id", "node", "count"], ["a", "乙", 3], ["b", "己", 2]):
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    spelt = run("cover", *lane[:2], tmp_path / "people.xlsx", "--json")
    short = run(*lane[:2], tmp_path / "people.xlsx", "--json")
    first = run("--json", *lane[:2], tmp_path / "people.xlsx")
    assert spelt.stdout == short.stdout == first.stdout
    assert json.loads(short.stdout)["covered"] == 3
