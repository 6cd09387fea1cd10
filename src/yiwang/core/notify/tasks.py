"""Sending out, at once and by the minute."""

from yiwang.core.jobs.declare import periodic, task
from yiwang.core.notify import deliveries


@task()
def send_out() -> int:
    """What is due now."""
    return deliveries.send_waiting()


@periodic("* * * * *")
def send_due() -> int:
    """What has become due since, and what was cut off."""
    deliveries.give_up_cut_off()
    deliveries.forget_erased()
    return deliveries.send_waiting()
