"""Whom a text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.comments import rules

USERNAMES = st.from_regex(r"[a-z][a-z0-9_.-]{0,20}[a-z0-9]", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("请@anna看一下", ("anna",)),
        ("@anna，@bert.w 都看看", ("anna", "bert.w")),
        ("@anna. Thanks @anna", ("anna",)),
        ("mail anna@bert.example", ()),
        ("@@anna", ()),
        ("@Anna @ 张三 @张三", ()),
        ("(@anna)", ("anna",)),
    ],
)
def test_mentions(text: str, names: tuple[str, ...]) -> None:
    assert rules.mentioned(text) == names


@given(st.lists(USERNAMES, unique=True, max_size=30), st.sampled_from([" ", "，", "\n", "和"]))
def test_every_name_is_found_once_and_at_most_so_many(names: list[str], between: str) -> None:
    text = between.join(f"@{name}" for name in [*names, *names])
    assert rules.mentioned(text) == tuple(names[: rules.MOST_MENTIONS])


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(f"@{name}" in text for name in rules.mentioned(text))
    assert len(rules.excerpt(text)) <= rules.EXCERPT
