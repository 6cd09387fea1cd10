"""Sending out, at once and by the minute."""

from yiwang.core.jobs.declare import periodic, task
from yiwang.core.notify import deliveries


@task(alone="notify.send_out")
def send_out() -> int:
    """What is due now. One at a time, so that a gateway that hangs leaves the worker room for everything else."""
    return deliveries.send_waiting()


@periodic("* * * * *")
def send_due() -> bool:
    """What has become due since, what the last run left, and what was cut off."""
    deliveries.give_up_cut_off()
    deliveries.forget_erased()
    return deliveries.wake_when_due()
