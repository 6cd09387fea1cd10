"""The cluster's own settings, sized to the machine it runs on."""

import os

MIB = 1024 * 1024

UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def settings(*, durable: bool, memory_bytes: int | None = None, cores: int | None = None) -> dict[str, str]:
    """PostgreSQL settings for a machine that the platform shares with its own web and worker processes.

    An eighth of the memory becomes shared buffers (64 MiB to 2 GiB); half is what the planner may assume cached.
    `durable` false gives up what is needed to survive a power cut: for tests only.
    """
    memory = (memory_bytes or physical_memory()) // MIB
    workers = min(max((cores or os.cpu_count() or 1), 2), 8)
    buffers = min(max(memory // 8, 64), 2048)
    chosen = {
        "listen_addresses": "''",
        "unix_socket_permissions": "0700",
        "max_connections": "120",
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(memory // 2, 128)}MB",
        "work_mem": f"{min(max(memory // 1024, 4), 32)}MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 32), 512)}MB",
        "max_worker_processes": str(workers + 4),
        "max_parallel_workers": str(workers),
        "wal_compression": "lz4",
        "min_wal_size": "128MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",  # solid-state disks
        "jit": "off",  # costs tens of milliseconds on queries that take one
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_duration_statement": "1s",
        "log_checkpoints": "off",
        "log_line_prefix": "'%m [%p] %d '",
        "idle_in_transaction_session_timeout": "10min",
    }
    return chosen if durable else {**chosen, **UNSAFE_BUT_FAST}


def physical_memory() -> int:
    """Bytes of memory that this machine, or the control group around this process, has."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        with open("/sys/fs/cgroup/memory.max") as limit:
            return min(total, int(limit.read()))
    except (OSError, ValueError):  # no such group, or "max"
        return total


def as_file(values: dict[str, str]) -> str:
    """The text of a PostgreSQL configuration file."""
    lines = "".join(f"{name} = {value}\n" for name, value in values.items())
    return f"# Written at each start. What you put into local.conf beside this file wins.\n{lines}"
