"""The audit verbs of imports."""

from yishi.core.registry import Verb

VERBS = (
    Verb("matters.imported", "由导入批次 {batch} 第 {row} 行建立", "made from row {row} of import {batch}"),
    Verb(
        "matters.batch_taken_in",
        "导入 {rows} 行：新增 {added}，未变 {unchanged}，退回 {refused}",
        "took in {rows} rows: {added} added, {unchanged} unchanged, {refused} refused",
    ),
    Verb("matters.results_returned", "回传 {rows} 张工单的办理结果", "gave back the results of {rows} tickets"),
)
