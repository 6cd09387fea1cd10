"""Cases that live otherwise than the straight way, in real windows: mended on the spot, looked at first, signed by
several units, appealed against, handled by a substitute, handed to a successor, and what is erased of people."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Person
from tests.browser.steps import (
    Enter,
    act,
    call,
    desk,
    get,
    named,
    on_duty,
    pick_units,
    register,
    sent_to,
    show,
)
from tests.platform.running_platform import YIWANG, RunningPlatform

pytestmark = pytest.mark.browser


def attach(page: Page, *photos: Path) -> None:
    """Into the form that stands open, waiting until they have arrived."""
    page.locator(".el-drawer input[type=file]").first.set_input_files(photos)
    expect(page.locator(".el-drawer figure.done")).to_have_count(len(photos))


def say(someone: Person, verb: str, words: str, *photos: Path) -> None:
    """A step of the case that stands open, with words and photos."""
    someone.do(verb)
    someone.page.locator(".el-drawer textarea").fill(words)
    if photos:
        attach(someone.page, *photos)
    someone.submit()


def pick(page: Page, field: Locator, name: str) -> None:
    """One of the options that a field offers."""
    field.locator(".el-select").click()
    page.locator(".el-select-dropdown__item:visible", has_text=name).first.click()


def steps(page: Page) -> Locator:
    """What happened, the newest first, after the line that says where the case stands."""
    return page.locator(".timeline li:not(.now)")


def test_a_small_matter_is_mended_on_the_spot(enter: Enter, photo: Path) -> None:
    officer = enter("collector", PHONE)
    page = officer.open("/cases/new")
    page.locator("[data-opening]").get_by_text("自行处置").click()
    place = page.get_by_label("输入坐标")
    place.fill("114.86321, 30.84667")
    place.press("Enter")
    expect(page.locator(".note.inside")).to_be_visible()
    page.locator(".pick input[type=search]").fill("暴露垃圾")
    page.get_by_role("option").first.click()
    page.locator("textarea").fill("花坛边有两袋垃圾，已当场清走")
    page.locator("input[type=file]").first.set_input_files(photo)
    expect(page.locator("figure.done")).to_have_count(1)
    page.locator("[data-submit]").click()
    expect(page.get_by_text("自行处置要有处置前和处置后的照片")).to_be_visible()
    officer.picture("narrow-self-handled-missing")
    page.locator("input[type=file]").first.set_input_files(photo)
    expect(page.locator("figure.done")).to_have_count(2)
    page.locator("[data-submit]").click()
    expect(page.get_by_text("接下来由值班长核对后结案")).to_be_visible()
    page.get_by_role("button", name="查看案件").click()
    expect(page.get_by_text("下一步是“结案”，由其他岗位办理")).to_be_visible()

    shift = enter("shift_leader")
    shift.open(page.url.removeprefix(shift.address))
    shift.do("close")
    shift.submit()
    expect(steps(page).first).to_contain_text("结案")  # in the officer's window, untouched since
    expect(steps(page)).to_have_count(2)
    officer.picture("narrow-self-handled-closed")


def test_an_officer_looks_before_a_report_is_accepted(enter: Enter, photo: Path) -> None:
    acceptor = enter("acceptor")
    case = call(acceptor, "来电反映小区北门外路面有大坑", east_m=900)
    officer = enter(named(on_duty(acceptor, case)), PHONE)
    page = show(acceptor, case)
    acceptor.do("ask_verify")
    pick(page, page.locator("[data-field=user_id]"), on_duty(acceptor, case))
    page.locator(".el-drawer textarea").fill("看看坑有多深")
    acceptor.submit()

    at_site = officer.open("/")
    expect(at_site.get_by_text("待您办理：核实").first).to_be_visible()
    at_site.locator("a.task", has_text="小区北门外").click()
    expect(at_site.locator("[data-task=verify]")).to_contain_text("看看坑有多深")
    say(officer, "confirm_found", "属实，坑深约二十厘米", photo)
    officer.picture("narrow-verified")

    expect(page.locator("[data-task=verify]")).to_contain_text("属实")
    acceptor.picture("case-verified")
    acceptor.do("accept")
    acceptor.submit()
    shift = enter("shift_leader")
    at_shift = show(shift, case)
    shift.do("register")
    at_shift.locator(".el-drawer input[type=radio]").first.check(force=True)
    shift.submit()
    expect(at_shift.get_by_text("待派遣").first).to_be_visible()


def test_what_nobody_finds_is_refused(enter: Enter) -> None:
    acceptor = enter("acceptor")
    case = call(acceptor, "来电反映绿化带里有死树", east_m=1500)
    act(acceptor, case["id"], "ask_verify")
    officer = enter(named(on_duty(acceptor, case)), PHONE)
    show(officer, case)
    say(officer, "confirm_absent", "现场没有死树")
    page = show(acceptor, case)
    expect(page.locator("[data-task=verify]")).to_contain_text("不属实")
    say(acceptor, "refuse", "经核实不存在")
    expect(page.get_by_text("不予受理").first).to_be_visible()


def test_units_sign_before_the_dispatch(enter: Enter) -> None:
    acceptor, shift, dispatcher = (enter(role) for role in ("acceptor", "shift_leader", "dispatcher"))
    case = call(acceptor, "河边护栏外倒有建筑垃圾，压坏了绿化和排水口", east_m=3300)
    register(shift, case)
    page = show(dispatcher, case)
    dispatcher.do("ask_countersign")
    pick_units(page, "水务和湖泊局", "园林和林业局")
    page.locator(".el-drawer textarea").fill("由谁清运，由谁恢复绿化和排水口")
    dispatcher.submit()
    expect(page.locator("[data-task=sign]")).to_have_count(2)
    expect(page.get_by_text("现在由水务湖泊局、园林林业局办理；您还可以：")).to_be_visible()
    expect(page.locator("footer.bar [data-verb=dispatch]")).to_have_count(0)
    dispatcher.picture("case-countersign")

    for username, words in (("water1", "排水口由我局恢复"), ("gardens1", "绿化由我局补种")):
        unit = enter(desk(username), PHONE)
        show(unit, case)
        say(unit, "sign", words)
        expect(unit.page.locator("footer.bar [data-verb=sign]")).to_have_count(0)
    expect(page.locator("footer.bar [data-verb=dispatch]")).to_be_visible()
    expect(steps(page).nth(1)).to_contain_text("排水口由我局恢复")
    dispatcher.do("dispatch")
    page.locator(".el-drawer .proposed button").first.click()
    dispatcher.submit()
    expect(page.get_by_text("待处置").first).to_be_visible()


def test_a_late_unit_appeals_and_two_people_decide(enter: Enter, photo: Path) -> None:
    unit = enter(desk("sanitation1"), PHONE)
    case = get(unit, "/cases?q=十多天才清走")["items"][0]
    page = show(unit, case)
    ended = page.locator(".strip .current").inner_text()
    say(unit, "ask_appeal", "道路施工围挡，车辆进不去", photo)
    asked = page.locator("[data-request=appeal]")
    expect(asked).to_contain_text("待审批")
    expect(page.locator(".strip .current")).to_have_text(ended, use_inner_text=True)
    unit.picture("narrow-appeal")

    dispatcher = enter("dispatcher")
    expect(dispatcher.open("/").get_by_text("申诉待审批").first).to_be_visible()
    show(dispatcher, case)
    say(dispatcher, "approve_appeal", "情况属实")
    acceptor = enter("acceptor")
    show(acceptor, case)
    acceptor.do("approve_appeal")
    acceptor.submit()
    expect(asked).to_contain_text("已同意")
    expect(page.locator("header.head").get_by_text("超时免责")).to_be_visible()
    unit.picture("narrow-appeal-granted")
    page.locator(".bell").click()
    expect(page.get_by_text("您的超时申诉申请已同意")).to_be_visible()


def test_a_substitute_acts_on_behalf(enter: Enter, photo: Path) -> None:
    case = sent_to("zhucheng", "巷口堆放沙石，过不了车", 4200, enter)
    clerk = enter(desk("zhucheng1"), PHONE)
    officer = enter(named(on_duty(clerk, case)), PHONE)
    substitute = officer.open("/")
    expect(substitute.get_by_text("我的任务").first).to_be_visible()

    page = clerk.open("/my/absences")
    page.locator("[data-act=new-absence]").click()
    pick(page, page.locator("[data-absence]"), on_duty(clerk, case))
    expect(page.get_by_text("代办缺勤人各岗位的全部事项")).to_be_visible()
    page.locator("[data-act=enter]").click()
    expect(page.get_by_text("进行中")).to_be_visible()
    clerk.picture("narrow-absence")

    # In the substitute's window, untouched since: the absent person's tasks, and the notice that leads to it.
    expect(substitute.locator("a.task", has_text="巷口堆放沙石")).to_be_visible()
    substitute.locator(".bell").click()
    substitute.get_by_text("不在岗，由您代理").first.click()
    expect(substitute.get_by_text("您正在代理")).to_be_visible()
    show(officer, case)
    officer.do("take")
    officer.submit()
    say(officer, "report_done", "沙石已清走", photo)
    expect(steps(substitute).first).to_contain_text("代 董晓梅")
    # What they handled they do not check.
    expect(substitute.locator("footer.bar [data-verb]")).to_have_count(0)
    officer.picture("narrow-on-behalf")

    substitute = officer.open("/")
    expect(substitute.locator(".tasks h3", has_text="处置反馈")).to_be_visible()
    page.get_by_role("button", name="销假").click()
    page.locator(".el-popconfirm .el-button--primary").click()
    expect(page.get_by_text("已销假").first).to_be_visible()
    expect(substitute.locator(".tasks h3", has_text="处置反馈")).to_have_count(0)


@pytest.mark.full
def test_a_successor_goes_on_where_a_merged_unit_stopped(enter: Enter, photo: Path) -> None:
    case = sent_to("lighting", "整条巷子路灯全黑", 5200, enter)
    show(enter(desk("lighting1")), case)
    admin = enter("administrator")
    page = admin.open("/admin/units")
    page.get_by_label("单位名称或编码").fill("路灯")
    page.locator(".ad-row", has_text="路灯管理所").click()
    page.locator("[data-act=merge]").click()
    pick(page, page.locator("[data-change]"), "市政设施维护队")
    expect(page.locator(".touched")).to_contain_text("在办任务")
    admin.picture("unit-merge")
    page.locator("[data-act=do-change]").click()
    expect(page.get_by_role("heading", name="市政设施维护队")).to_be_visible()
    expect(page.get_by_text("新洲区路灯管理所", exact=False).first).to_be_visible()

    clerk = enter(desk("municipal1"), PHONE)
    at_work = show(clerk, case)
    expect(steps(at_work).first).to_contain_text("路灯所的任务由市政维护队承接，时限不变。")
    clerk.do("take")
    clerk.submit()
    say(clerk, "report_done", "已更换灯泡", photo)
    expect(at_work.get_by_text("待核查").first).to_be_visible()
    clerk.picture("narrow-successor")


def test_reporters_and_former_staff_are_erased_and_the_record_stays(
    enter: Enter, platform: RunningPlatform
) -> None:
    acceptor, shift = enter("acceptor"), enter("shift_leader")
    case = call(acceptor, "王建国来电：楼道里堆满杂物", east_m=5800)
    page = show(shift, case)
    page.locator("[data-act=erase-reporter]").click()
    ground = page.locator(".el-dialog").get_by_label("抹除依据")
    ground.fill("王建国本人申请")
    page.get_by_role("button", name="永久抹除").click()
    expect(page.get_by_text("依据里不要写本人的姓名或电话。")).to_be_visible()
    ground.fill("本人申请，编号 2026-007")
    expect(page.get_by_text("依据里不要写本人的姓名或电话。")).to_be_hidden()
    shift.picture("erase-reporter")
    page.get_by_role("button", name="永久抹除").click()
    expect(page.get_by_text("已按申请抹除")).to_be_visible()
    expect(steps(page).first).to_contain_text("抹除报案人信息")
    expect(page.get_by_text("王建国")).to_have_count(0)
    expect(page.get_by_text("13900001111")).to_have_count(0)

    admin = enter("administrator", PHONE)
    page = admin.open("/admin/people")
    page.get_by_placeholder("手机尾号").fill("former1")
    page.keyboard.press("Enter")
    page.locator("[data-person=former1]").click()
    page.locator("[data-act=erase-person]").click()
    page.get_by_label("抹除依据").fill("离职人员申请 2026-008")
    erase = page.get_by_role("button", name="永久抹除")
    expect(erase).to_be_disabled()
    page.get_by_label("请输入账号").fill("former1")
    admin.picture("narrow-erase-person")
    erase.click()
    page.get_by_placeholder("手机尾号").fill("离职人员")
    page.keyboard.press("Enter")
    expect(page.locator("tr", has_text="离职人员").get_by_text("已抹除")).to_be_visible()
    expect(page.get_by_text("柳长青")).to_have_count(0)
    assert audit_holds(platform)


def audit_holds(platform: RunningPlatform) -> bool:
    """Whether the sealed chain is whole from its first entry to its last."""
    demo = {"YIWANG_MODE": "demo", "YIWANG_DATABASE_NAME": "yiwang_demo"}
    told = subprocess.run(
        [YIWANG, "audit", "verify"], env={**platform.variables(), **demo}, capture_output=True, check=False
    )
    return told.returncode == 0
