"""Administering people: within one's own authority, audited, once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.core import clock
from yiwang.core.accounts import access, actions, links, queries, staff
from yiwang.core.accounts.models import Assignment, PasswordLink, Post, Role, Session, User
from yiwang.core.accounts.tests.people import PASSWORD, Browser, actor, person, unit
from yiwang.core.audit.models import Entry, PersonalValue
from yiwang.core.http.models import GivenAnswer

pytestmark = pytest.mark.django_db
MANAGE = "accounts.manage_user"
NEW = "Brave-Otter-31"


class Office:
    """A district with a water bureau, two managers, and a role for everybody."""

    def __init__(self) -> None:
        self.root = unit("root")
        self.water, self.roads = unit("water", self.root), unit("roads", self.root)
        self.chief = person("chief", MANAGE, "accounts.erase_person", at=self.root, areas=["420117"])
        self.manager = person("manager", MANAGE, at=self.water, areas=["420117001"])
        self.desk = actions.save_post(self.water, "desk", name="水务窗口")
        self.far = actions.save_post(self.roads, "desk", name="公路窗口")
        self.role("clerk", "cases.view_case")
        self.role("master", MANAGE, "accounts.erase_person")

    def role(self, key: str, *permissions: str) -> Role:
        does = {"zh": "试用", "en": "Tries"}
        return Role.objects.create(key=key, name=key, name_en=key, does=does, permissions=sorted(permissions))

    def first(self, post: Post | None = None, role: str = "clerk", **more: Any) -> dict[str, Any]:
        return {"post_id": (post or self.desk).pk, "role": role, **more}

    def body(self, username: str, **more: Any) -> dict[str, Any]:
        return {
            "username": username,
            "name": f"新{username}",
            "phone": "13800138000",
            "assignment": self.first(**more),
        }


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_new_person_sets_a_password_by_the_link_and_works(office: Office) -> None:
    admin = Browser(office.manager)
    answer = admin.post("/staff", office.body("nina", areas=["420117001003"]), key="k")
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["person"]["assignments"][0]["post"] == "水务窗口"
    path, token = made["link"]["path"].split("#")
    assert path == "/set-password"
    assert len(token) >= 40

    again = admin.post("/staff", office.body("nina", areas=["420117001003"]), key="k")
    assert (again.status_code, again.json()["code"]) == (409, "shown_once")
    assert User.objects.filter(username="nina").count() == 1
    for table in (GivenAnswer, PasswordLink, Entry):
        assert token.encode() not in repr(list(table.objects.values())).encode()

    nobody = Browser()
    checked = nobody.post("/password-links/check", {"token": token})
    assert checked.json()["username"] == "nina"
    weak = nobody.post("/password-links/use", {"token": token, "new": "short"})
    assert (weak.status_code, weak.json()["field"]) == (422, "new")
    assert nobody.post("/password-links/use", {"token": token, "new": NEW}).status_code == 204
    used = nobody.post("/password-links/use", {"token": token, "new": NEW})
    assert (used.status_code, used.json()["code"]) == (409, "link_used")
    assert actions.sign_in("nina", NEW, ip=None).name == "新nina"
    nina = queries.actor_for_user(User.objects.get(username="nina").pk)
    assert nina is not None
    assert nina.can("cases.view_case")
    assert not nina.must_change_password
    assert set(Entry.objects.values_list("action", flat=True)) >= {
        "accounts.create_user", "accounts.assign", "accounts.make_password_link", "accounts.set_password",
    }  # fmt: skip


def test_a_link_expires_and_a_newer_one_takes_its_place(office: Office) -> None:
    user = person("olga", at=office.water)
    worn = Browser(user)
    first = staff.reset_password(actor(office.manager), user.pk).path.split("#")[1]
    assert worn.get("/session").status_code == 401, "a reset ends the sessions"
    answer = worn.post("/session", {"username": "olga", "password": PASSWORD})
    assert answer.json()["code"] == "wrong_credentials", "and the old password"
    second = staff.reset_password(actor(office.manager), user.pk).path.split("#")[1]
    browser = Browser()
    assert browser.post("/password-links/check", {"token": first}).json()["code"] == "link_unknown"
    with clock.frozen(clock.now() + timedelta(hours=25)):
        late = browser.post("/password-links/use", {"token": second, "new": NEW})
        assert (late.status_code, late.json()["code"]) == (409, "link_expired")


def test_guessing_links_is_stopped_like_guessing_passwords() -> None:
    browser = Browser(person("guess"))  # signed in: the count must stay although the write is undone
    codes = [
        browser.post("/password-links/use", {"token": f"t{n}", "new": NEW}).json()["code"] for n in range(6)
    ]
    assert codes == ["link_unknown"] * 5 + ["links_locked"]


def test_nobody_stops_the_links_of_an_address_by_signing_in() -> None:
    browser = Browser()
    for name in ("link 127.0.0.1", "Link 127.0.0.1"):
        for _ in range(5):
            browser.post("/session", {"username": name, "password": "x"})
    answer = browser.post("/password-links/check", {"token": "t"})
    assert (answer.status_code, answer.json()["code"]) == (404, "link_unknown")


def test_a_link_is_looked_at_again_when_its_person_is_locked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = person("olga", at=office.water)
    opened = links.opened

    def use_while(happening: Callable[[], object]) -> str:
        def opened_and_then(token: str, *, ip: str | None) -> PasswordLink:
            found = opened(token, ip=ip)
            happening()
            return found

        monkeypatch.setattr(links, "opened", opened_and_then)
        token = staff.reset_password(actor(office.manager), user.pk).path.split("#")[1]
        return str(Browser().post("/password-links/use", {"token": token, "new": NEW}).json()["code"])

    assert use_while(lambda: staff.reset_password(actor(office.manager), user.pk)) == "link_unknown"
    late = clock.now() - timedelta(days=2)
    assert use_while(lambda: PasswordLink.objects.update(expires_at=late)) == "link_expired"
    assert use_while(lambda: User.objects.filter(pk=user.pk).update(is_active=False)) == "link_expired"


def locked_tables(queries: CaptureQueriesContext) -> list[str]:
    """The tables of which rows were locked, in order."""
    return [
        query["sql"].split('FROM "')[1].split('"')[0] + query["sql"].rpartition("FOR UPDATE")[2]
        for query in queries
        if "FOR UPDATE" in query["sql"]
    ]


def test_the_person_is_locked_first_and_never_the_role(office: Office) -> None:
    user = person("olga", at=office.water)
    held = Assignment.objects.get(user=user)
    token = staff.reset_password(actor(office.manager), user.pk).path.split("#")[1]
    with CaptureQueriesContext(connection) as used:
        links.use(token, NEW, ip=None)
    assert locked_tables(used)[:2] == ["accounts_user", "accounts_passwordlink"]
    with CaptureQueriesContext(connection) as ended:
        staff.end(actor(office.manager), held.pk, clock.today())
    tables = locked_tables(ended)
    assert tables[0].startswith("accounts_user")
    assert tables[1] == 'accounts_assignment OF "accounts_assignment"'
    with CaptureQueriesContext(connection) as appointed:
        staff.appoint(actor(office.chief), user.pk, staff.NewAssignment(office.far.pk, "clerk"))
    assert locked_tables(appointed)[0].startswith("accounts_user")


def test_a_manager_gives_what_lies_within_their_own(office: Office) -> None:
    admin = Browser(office.manager)
    for body, code in (
        (office.body("pia", post=office.far), "post_not_yours"),
        (office.body("pia", unit_id=office.root.pk), "unit_not_yours"),
        (office.body("pia", areas=["420117"]), "area_not_yours"),
        (office.body("pia", areas=["x"]), "bad_area"),
        (office.body("pia", role="master"), "beyond_own_rights"),
        (office.body("pia", role="none"), "unknown_role"),
        (office.body("Ünfit"), "bad_username"),
        (office.body("chief"), "username_taken"),
        ({**office.body("pia"), "phone": "call me"}, "bad_phone"),
    ):
        answer = admin.post("/staff", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert Browser(office.chief).post("/staff", office.body("pia", role="master")).status_code == 201


def test_who_holds_more_is_not_taken_over_and_oneself_not_promoted(office: Office) -> None:
    both = person("both", at=office.water)
    actions.assign(access_system(), user=both, post=office.far, role=Role.objects.get(key="clerk"))
    admin = Browser(office.manager)
    for path in (f"/staff/{both.pk}/password-link", f"/staff/{both.pk}/unlock"):
        answer = admin.post(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "beyond_your_authority"), path
    mine = admin.post(f"/staff/{office.manager.pk}/assignments", office.first())
    assert (mine.status_code, mine.json()["code"]) == (403, "own_assignment")
    assert Browser(office.chief).post(f"/staff/{both.pk}/password-link").status_code == 201
    assert admin.get(f"/staff/{office.chief.pk}").status_code == 404
    assert admin.get(f"/staff/{both.pk}").json()["refusal"] == "beyond_your_authority"


def access_system() -> Any:
    from yiwang.core.actor import system

    return system("tests")


def test_posts_begin_and_end_on_days(office: Office) -> None:
    user = person("rosa", at=office.water)
    admin, today = Browser(office.manager), clock.today()
    coming = office.first(valid_from=str(today + timedelta(days=3)))
    row = admin.post(f"/staff/{user.pk}/assignments", coming).json()
    assert row["state"] == "coming"
    twice = admin.post(f"/staff/{user.pk}/assignments", coming)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_assigned")
    assert admin.post(f"/staff/assignments/{row['id']}/end", {"on": str(today)}).status_code == 204
    assert not Assignment.objects.filter(pk=row["id"]).exists(), "what never began never was"
    held = Assignment.objects.get(user=user)
    past = admin.post(f"/staff/assignments/{held.pk}/end", {"on": str(today - timedelta(days=1))})
    assert (past.status_code, past.json()["code"]) == (422, "in_the_past")
    assert admin.post(f"/staff/assignments/{held.pk}/end", {"on": str(today)}).status_code == 204
    over = admin.post(f"/staff/assignments/{held.pk}/end", {"on": str(today)})
    assert (over.status_code, over.json()["code"]) == (409, "assignment_over")
    assert admin.get("/staff?state=former").json()["items"][0]["username"] == "rosa"
    assert (
        Browser(person("far", MANAGE, at=office.roads))
        .post(f"/staff/assignments/{held.pk}/end", {"on": str(today)})
        .status_code
        == 404
    )


def test_details_change_with_a_version_and_stay_out_of_the_chain(office: Office) -> None:
    user = person("sofie", at=office.water)
    admin = Browser(office.manager)
    body = {"expected_version": 1, "name": "苏菲", "phone": "13900139000"}
    assert admin.write("put", f"/staff/{user.pk}", body).json()["version"] == 2
    late = admin.write("put", f"/staff/{user.pk}", body)
    assert (late.status_code, late.json()["code"]) == (409, "person_changed")
    entry = Entry.objects.get(action="accounts.change_person")
    assert entry.after == {"version": 2}
    assert PersonalValue.objects.filter(entry=entry).count() == 4


def test_an_account_is_closed_opened_and_unlocked(office: Office) -> None:
    user = person("tina", at=office.water)
    theirs, admin = Browser(user), Browser(office.manager)
    assert admin.write("put", f"/staff/{user.pk}/account", {"is_open": False}).json()["state"] == "closed"
    assert theirs.get("/session").status_code == 401
    assert not Session.objects.filter(user_id=user.pk).exists()
    assert [row["username"] for row in admin.get("/staff?state=closed").json()["items"]] == ["tina"]
    refused = admin.post(f"/staff/{user.pk}/password-link")
    assert (refused.status_code, refused.json()["code"]) == (409, "account_closed")
    assert admin.write("put", f"/staff/{user.pk}/account", {"is_open": True}).json()["state"] == "active"
    for _ in range(5):
        theirs.post("/session", {"username": "tina", "password": "wrong"})
    assert [row["username"] for row in admin.get("/staff?state=locked").json()["items"]] == ["tina"]
    assert admin.post(f"/staff/{user.pk}/unlock").status_code == 204
    assert actions.sign_in("tina", PASSWORD, ip=None) == user
    tries = admin.get(f"/staff/{user.pk}/sign-ins").json()["items"]
    assert [row["reason"] for row in tries] == ["signed_in", *["wrong_password"] * 5, "signed_in"]


def test_people_are_found_and_come_in_pages(office: Office, django_assert_max_num_queries: Any) -> None:
    for name in ("una", "vera", "wilma"):
        person(name, at=office.water)
    User.objects.filter(username="vera").update(phone="13811112222", name="维拉")
    person("yara", at=office.roads)
    admin = Browser(office.manager)

    def names(query: str) -> list[str]:
        return [row["username"] for row in admin.get(f"/staff?{query}").json()["items"]]

    assert names("") == ["manager", "una", "vera", "wilma"]
    assert names("q=2222") == names("q=维拉") == ["vera"]
    assert names("q=岗wil") == ["wilma"]
    assert names("role=role-una") == ["una"]
    assert names(f"unit_id={office.roads.pk}") == []
    assert names("sort=-created_at&limit=1") == ["wilma"]
    seen, after = [], ""
    while True:
        found = admin.get(f"/staff?sort=name&limit=1{after}").json()
        seen += [row["username"] for row in found["items"]]
        assert (found["total"] is None) == bool(after)
        if found["next"] is None:
            break
        after = f"&after={found['next']}"
    assert sorted(seen) == names("")
    with django_assert_max_num_queries(9):
        admin.get("/staff")


def test_choices_are_those_of_the_manager(office: Office) -> None:
    admin = Browser(office.manager)
    posts = {row["name"] for row in admin.get("/posts").json()["items"]}
    assert "水务窗口" in posts
    assert "公路窗口" not in posts
    roles = {row["key"]: row["is_yours"] for row in admin.get("/roles/options").json()["items"]}
    assert (roles["clerk"], roles["master"]) == (True, False)


def test_the_rule_needs_own_authority_not_a_substitutes(office: Office) -> None:
    row = Assignment(post=office.desk, role=Role.objects.get(key="clerk"), unit=office.water, areas=[])
    assert access.fault_of_assignment(actor(office.manager), row) is None
    nobody = access.fault_of_assignment(actor(person("zoe", at=office.water)), row)
    assert nobody is not None
    assert nobody.code == "post_not_yours"
