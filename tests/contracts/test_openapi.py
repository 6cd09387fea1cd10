"""The API holds to its own document, whatever is thrown at it: no answer of 500, no undocumented shape."""

import os
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.http.routes import PUBLIC
from yiwang.core.ids import uuid7
from yiwang.operations.cases.tests.district import District, Walk
from yiwang.project.api import api
from yiwang.project.wsgi import application

# Each operation so often; make test-full tries more, and who works on one may ask for thousands.
EXAMPLES = int(os.environ.get("YIWANG_FUZZ_EXAMPLES", "5"))
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


WRITTEN = api.get_openapi_schema()
document = schemathesis.openapi.from_dict(WRITTEN)
document.app = application


def everything() -> list[str]:
    """All permissions that any route asks for."""
    found = {operation["x-permission"] for path in WRITTEN["paths"].values() for operation in path.values()}
    return sorted(found - {PUBLIC, "signed_in"})


@pytest.fixture
def browser(district: District) -> Iterator[Browser]:
    """Somebody who may do everything, in a district with one case in the middle of its life.

    The application stays on the test's own connection afterwards, as under Django's test client.
    """
    Walk(district).to("handling")
    signed_in = Browser(person("omnipotent", *everything(), areas=["420117"]))
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield signed_in
    for signal in signals:
        signal.connect(close_old_connections)


@document.exclude(path="/api/v1/session", method="DELETE").parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_gets_a_documented_answer(case: Case, browser: Browser) -> None:
    cookies = {name: morsel.value for name, morsel in browser.client.cookies.items()}
    headers = {"X-CSRFToken": cookies["csrftoken"], "Idempotency-Key": str(uuid7())}
    case.call_and_validate(headers=headers, cookies=cookies, checks=CHECKS)
