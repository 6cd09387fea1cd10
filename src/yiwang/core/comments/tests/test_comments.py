"""Who sees a thing talks about it; one's own words can be changed for a while; nothing that was said is lost."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import QuerySet

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.accounts.queries import holders
from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.actor import Actor, system
from yiwang.core.audit.models import Entry
from yiwang.core.comments import actions, declare
from yiwang.core.comments.declare import About, commentable
from yiwang.core.comments.models import Comment, FormerText
from yiwang.core.errors import Refused
from yiwang.core.events.declare import Audience
from yiwang.core.events.models import OutboxEvent
from yiwang.core.notify.models import Notice

pytestmark = pytest.mark.django_db

TREE = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
SEE = "trees.view_tree"


@pytest.fixture(autouse=True)
def trees() -> Iterator[None]:
    """One tree, seen by all who may see trees."""

    @commentable("tree")
    class TreeTalk:
        def may_read(self, actor: Actor, object_id: UUID) -> bool:
            return object_id == TREE and actor.can(SEE)

        def readers(self, object_id: UUID) -> QuerySet[User]:
            return holders(SEE)

        def about(self, object_id: UUID) -> About:
            return About("/trees/1", Audience(area_code="420117", permission=SEE), {"number": "T-1"})

    yield
    declare.forget_talk("tree")


@pytest.fixture
def anna() -> User:
    return person("anna", SEE)


def said(browser: Browser, text: str, status: int = 201) -> dict[str, object]:
    answer = browser.post("/comments", {"object_type": "tree", "object_id": str(TREE), "text": text})
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def read(browser: Browser, **query: object) -> dict[str, object]:
    answer = browser.get("/comments", object_type="tree", object_id=str(TREE), **query)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_a_comment_is_there_for_those_who_see_the_object(anna: User) -> None:
    made = said(Browser(anna), "  枯了一半 ")
    seen = read(Browser(person("bert", SEE)))
    assert [(c["id"], c["text"], c["author"]["name"]) for c in seen["items"]] == [
        (made["id"], "枯了一半", "人anna")
    ]
    assert (seen["total"], seen["next"]) == ({"value": 1, "capped": False}, None)
    entry = Entry.objects.get(action="comments.write")
    assert (entry.object_type, entry.object_id) == ("tree", str(TREE))
    assert "枯" not in str(entry.after)
    event = OutboxEvent.objects.get(type="comment.written")
    assert event.payload == {"comment_id": made["id"], "object_type": "tree", "object_id": str(TREE)}
    assert (event.audience["area_code"], event.audience["permission"]) == ("420117", SEE)


@pytest.mark.parametrize(
    ("kind", "thing"),
    [("tree", str(TREE)), ("tree", "01890a5d-ac96-774b-bcce-b302099a8058"), ("stone", str(TREE))],
)
def test_who_does_not_see_the_object_finds_nothing(anna: User, kind: str, thing: str) -> None:
    who = person("stranger") if thing == str(TREE) and kind == "tree" else anna
    browser, where = Browser(who), {"object_type": kind, "object_id": thing}
    for answer in (
        browser.get("/comments", **where),
        browser.get("/comments/people", **where),
        browser.post("/comments", {**where, "text": "?"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "object_not_found")
    assert not Comment.objects.exists()


def test_those_mentioned_who_see_it_are_told_once(anna: User) -> None:
    bert, stranger = person("bert", SEE), person("stranger")
    made = said(Browser(anna), "@bert @stranger @nobody @anna @bert 请看")
    assert {who["username"] for who in made["mentions"]} == {"bert", "anna"}
    notice = Notice.objects.get()
    assert (notice.user_id, notice.kind, notice.link) == (bert.pk, "comment.mentioned", "/trees/1")
    assert notice.params["number"] == "T-1"
    assert notice.params["by"] == "人anna"
    assert not Notice.objects.filter(user=stranger).exists()


def test_an_edit_leaves_a_trace_and_tells_only_those_named_anew(anna: User) -> None:
    bert, carl = person("bert", SEE), person("carl", SEE)
    browser = Browser(anna)
    made = said(browser, "@bert 看")
    assert made["changeable_until"] is not None
    changed = browser.write("patch", f"/comments/{made['id']}", {"text": "@bert @carl 看"}).json()
    assert changed["text"] == "@bert @carl 看"
    assert changed["edited_at"] is not None
    assert list(Notice.objects.order_by("id").values_list("user_id", flat=True)) == [bert.pk, carl.pk]
    former = Browser(person("inspector", SEE, "comments.view_former")).get(f"/comments/{made['id']}/former")
    assert [item["text"] for item in former.json()["items"]] == ["@bert 看"]
    assert Entry.objects.filter(action="comments.edit").count() == 1
    assert OutboxEvent.objects.filter(type="comment.changed").count() == 1


def test_the_same_words_again_change_nothing(anna: User) -> None:
    browser = Browser(anna)
    made = said(browser, "看")
    assert browser.write("patch", f"/comments/{made['id']}", {"text": " 看 "}).json()["edited_at"] is None
    assert not FormerText.objects.exists()


def test_a_deleted_comment_keeps_its_place(anna: User) -> None:
    browser = Browser(anna)
    made = said(browser, "说错了")
    assert browser.delete(f"/comments/{made['id']}").status_code == 200
    (item,) = read(Browser(person("bert", SEE)))["items"]
    assert (item["text"], item["mentions"], item["deleted_at"] is not None) == ("", [], True)
    assert FormerText.objects.get().text == "说错了"
    again = browser.delete(f"/comments/{made['id']}")
    assert (again.status_code, again.json()["code"]) == (409, "comment_deleted")


def test_after_a_quarter_of_an_hour_it_stands(anna: User) -> None:
    with clock.frozen(clock.now() - timedelta(minutes=15, seconds=1)):
        comment = actions.write(actor_of(anna), object_type="tree", object_id=TREE, text="看")
    browser = Browser(anna)
    for answer in (
        browser.write("patch", f"/comments/{comment.pk}", {"text": "不看"}),
        browser.delete(f"/comments/{comment.pk}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "comment_settled")
    assert read(browser)["items"][0]["changeable_until"] is None


def test_nobody_changes_the_words_of_others(anna: User) -> None:
    made = said(Browser(anna), "看")
    bert, stranger = Browser(person("bert", SEE)), Browser(person("stranger"))
    assert bert.write("patch", f"/comments/{made['id']}", {"text": "x"}).json()["code"] == "not_your_comment"
    assert bert.delete(f"/comments/{made['id']}").status_code == 403
    assert stranger.delete(f"/comments/{made['id']}").status_code == 404
    assert bert.get(f"/comments/{made['id']}/former").status_code == 403
    assert Comment.objects.get().text == "看"


def test_pages_follow_each_other(anna: User) -> None:
    for number in range(5):
        actions.write(actor_of(anna), object_type="tree", object_id=TREE, text=str(number))
    browser, cursor, texts = Browser(anna), None, []
    while True:
        page = read(browser, limit=2, **({"after": cursor} if cursor else {}))
        texts += [item["text"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert texts == ["4", "3", "2", "1", "0"]


def test_a_page_costs_the_same_however_many(anna: User, django_assert_num_queries) -> None:
    person("bert", SEE)
    browser = Browser(anna)
    for count in (1, 8):
        for text in ["@bert 看", "@anna 好"] * count:
            actions.write(actor_of(anna), object_type="tree", object_id=TREE, text=text)
        with django_assert_num_queries(5):  # session, authority, page, mentions, total
            read(browser)


def test_people_are_found_by_name_and_account(anna: User) -> None:
    person("bert", SEE)
    person("stranger")
    browser, where = Browser(anna), {"object_type": "tree", "object_id": str(TREE)}
    for words, found in (
        ("be", ["bert"]),
        ("@be", ["bert"]),
        ("人b", ["bert"]),
        ("", ["bert"]),
        ("stra", []),
    ):
        items = browser.get("/comments/people", q=words, **where).json()["items"]
        assert [item["username"] for item in items] == found


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_empty_and_endless_words_are_refused(anna: User, text: str) -> None:
    assert "code" in said(Browser(anna), text, 422)


def test_the_platform_itself_has_nothing_to_say() -> None:
    with pytest.raises(Refused):
        actions.write(system("worker"), object_type="tree", object_id=TREE, text="x")


def test_a_type_is_answered_for_once() -> None:
    with pytest.raises(TypeError):
        commentable("tree")(object)
    with pytest.raises(TypeError):
        commentable("Bad Type")(object)


def actor_of(user: User) -> Actor:
    from yiwang.core.accounts.tests import people

    return people.actor(user)
