"""Checks of the platform as it runs, or would run."""

from yiwang.project.doctor.finding import Finding
from yiwang.project.environment import ENV
from yiwang.project.supervisor.platform import CannotStart, check_port, is_healthy, running_supervisor

# A busy machine may answer late; that is no fault of the platform.
PATIENCE_S = 20.0


def settings() -> Finding:
    """Whether the environment is fit for its mode."""
    if ENV.mode != "production":
        return Finding.ok(f"mode {ENV.mode}, home {ENV.home}")
    if ENV.public_origin is None:
        return Finding.wrong(
            "mode production without YIWANG_PUBLIC_ORIGIN",
            "set it to the address that people open, with https",
        )
    if not ENV.public_origin.startswith("https://"):
        return Finding.wrong(f"{ENV.public_origin} is not https", "sign-in cookies need https in production")
    return Finding.ok(f"mode production at {ENV.public_origin}")


def ports() -> Finding:
    """Whether the ports are free, or ours already."""
    known = " and ".join(map(str, ENV.ports))
    if running_supervisor() is not None:
        return Finding.ok(f"{known} belong to the running platform")
    try:
        for port in ENV.ports:
            check_port(ENV.host, port)
    except CannotStart as error:
        return Finding.wrong(str(error))
    return Finding.ok(f"{known} are free")


def platform() -> Finding:
    """Whether the platform runs and answers; stopped is well too."""
    pid = running_supervisor()
    if pid is None:
        return Finding.ok("stopped; `yiwang up` or `make demo` starts it")
    if not is_healthy(PATIENCE_S):
        return Finding.wrong(
            f"runs (process {pid}) but does not answer at {ENV.address} within {PATIENCE_S:.0f} s",
            "see var/log/yiwang.log",
        )
    return Finding.ok(f"runs (process {pid}) at {ENV.address}")
