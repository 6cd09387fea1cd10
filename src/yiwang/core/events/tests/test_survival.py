"""A relay that is killed between a handler's effect and its acknowledgement leaves nothing doubled."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from django.db import connection

from yiwang.core.events import actions, relay
from yiwang.core.events.models import Delivery, OutboxEvent
from yiwang.core.events.tests.factories import LampForgotten, LampLit, listening_with, publish

RELAY = """
    import sys, time
    import django
    from django.conf import settings
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    settings.DATABASES["default"]["HOST"] = sys.argv[2]
    django.setup()
    from yiwang.core.events.declare import handles
    from yiwang.core.events.tests import test_survival as survival
    from yiwang.core.events import actions, relay

    survival.leave_mark.__module__, survival.leave_mark.__qualname__ = survival.NAME
    handles(survival.LampLit)(survival.leave_mark)
    real = relay._check_deferred_constraints

    def pause() -> None:
        real()
        print("between", flush=True)
        time.sleep(60)

    relay._check_deferred_constraints = pause
    relay.deliver_due()
"""
NAME = ("yiwang.tests", "leave_mark")


def leave_mark(event: LampLit) -> None:
    actions.publish(LampForgotten(f"{event.lamp}-{event.number}"))


@pytest.mark.django_db(transaction=True)
def test_kill_between_effect_and_acknowledgement() -> None:
    event = publish("a", 1)
    parameters = connection.get_connection_params()
    victim = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(RELAY), parameters["dbname"], parameters["host"]],
        stdout=subprocess.PIPE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == b"between\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdout.close()
    assert not OutboxEvent.objects.filter(type="lamp.forgotten").exists()
    leave_mark.__module__, leave_mark.__qualname__ = NAME
    with listening_with(leave_mark):
        patience = time.monotonic() + 10
        while OutboxEvent.objects.get(pk=event.pk).state == "pending":
            relay.deliver_due()
            assert time.monotonic() < patience
    assert OutboxEvent.objects.get(type="lamp.forgotten").payload == {"lamp": "a-1"}
    assert Delivery.objects.get().handler == "yiwang.tests.leave_mark"
