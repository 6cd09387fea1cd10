"""Official notices, as they were published, give the official days; slips in them are told by line."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.calendars import notice
from yiwang.core.calendars.notice import Row

NOTICES = {
    2023: """
        各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
        经国务院批准，现将2023年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
        一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
        二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
        三、清明节：4月5日放假，共1天。
        四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
        五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
        六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
        节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。""",
    2024: """
        一、元旦：1月1日放假，与周末连休。
        二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
        三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
        四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
        五、端午节：6月10日放假，与周末连休。
        六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
        七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2025: """
        一、元旦：1月1日（周三）放假1天，不调休。
        二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
        三、清明节：4月4日（周五）至6日（周日）放假，共3天。
        四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
        五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
        六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """
        一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
        二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
        三、清明节：4月4日（周六）至6日（周一）放假，共3天。
        四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
        五、端午节：6月19日（周五）至21日（周日）放假，共3天。
        六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
        七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
}


@pytest.mark.parametrize("year", NOTICES)
def test_a_published_notice_gives_the_official_days(year: int) -> None:
    found = notice.read(NOTICES[year], year)
    assert found.problems == ()
    stated = {day.on: day.is_workday for day in found.declared()}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    wrong = [on for on in days if stated.get(on, on.weekday() < 5) != chinese_calendar.is_workday(on)]
    assert wrong == []


def test_names_are_kept_in_both_languages() -> None:
    rows = notice.read(NOTICES[2025], 2025).rows
    assert (rows[-1].name, rows[-1].name_en) == ("国庆节、中秋节", "National Day, Mid-Autumn Festival")
    assert rows[-1].first_on == date(2025, 10, 11)
    assert notice.english("建城日") == ""


def test_a_table_says_the_same() -> None:
    table = """名称,开始,结束,类别
        元旦,2026-01-01,2026-01-03
        元旦\t2026-01-04\t\t上班
        春节，2026-02-15，2026-02-23，放假"""
    found = notice.read(table, 2026)
    assert found.problems == ()
    assert (
        found.rows == notice.read(NOTICES[2026], 2026).rows[:2] + notice.read(NOTICES[2026], 2026).rows[2:3]
    )


def test_december_in_the_line_of_new_year_is_the_year_before() -> None:
    found = notice.read("元旦：12月31日至1月2日放假，共3天。", 2028)
    assert [problem.code for problem in found.problems] == ["range_wrong"]
    (row,) = notice.read("元旦：12月31日放假，共1天。", 2028).rows
    assert row.first_on == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("元旦：1月1日（周五）至3日（周六）放假，共3天。", "weekday_wrong"),
        ("元旦：1月1日至3日放假，共4天。", "count_wrong"),
        ("元旦：1月3日至1日放假。", "range_wrong"),
        ("春节：2月30日放假。", "date_wrong"),
        ("春节：3日放假。", "date_wrong"),
        ("1月1日至3日放假，共3天。", "no_name"),
        ("元旦,2026-01-01,2026-13-03", "date_wrong"),
        ("元旦,2026-01-01,2026-01-03,也许", "kind_unknown"),
        ("元旦,2026-01-03,2026-01-01", "range_wrong"),
        ("元旦,2026-01-01,2026-05-01", "range_wrong"),
        ("元旦,2029-01-01,2029-01-01", "other_year"),
        ("元旦：1月1日放假。1月5日上班。", "worked_anyway"),
        ("元旦,2026-01-01,2026-01-02\n元旦,2026-01-02,2026-01-03", "day_twice"),
    ],
)
def test_a_slip_is_told_by_its_line(line: str, code: str) -> None:
    assert [problem.code for problem in notice.read(line, 2026).problems] == [code]


def test_a_worked_day_within_a_range_counts_as_worked() -> None:
    rows = (
        Row("x", date(2026, 1, 1), date(2026, 1, 5), False),
        Row("x", date(2026, 1, 3), date(2026, 1, 3), True),
    )
    days = {day.on.day: day.is_workday for day in notice.Notice(rows, ()).declared()}
    assert days == {1: False, 2: False, 3: True, 4: False, 5: False}


@given(st.text(max_size=300), st.integers(2000, 2100))
def test_any_text_is_read_or_refused_by_line(text: str, year: int) -> None:
    found = notice.read(text, year)
    assert all(problem.line >= 1 for problem in found.problems)
