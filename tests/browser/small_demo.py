"""Makes a small demo district in the home that the environment names: `python -m tests.browser.small_demo`."""

import os

os.environ.update(YIWANG_MODE="demo", YIWANG_DATABASE_NAME="yiwang_demo")

from yiwang.project import cluster, preparation
from yiwang.project.cluster import databases
from yiwang.project.environment import ENV


def main() -> None:
    """The same steps as the real demo's, with a tenth of its cases; then a late case, and somebody who has left."""
    preparation.set_up_django()
    from tests.browser import small_past
    from yiwang.project import demo
    from yiwang.project.demo.plan import FULL, Sizes

    with cluster.running() as where:
        databases.create(where, ENV.database_name)
        preparation.migrate(lambda text: None)
        preparation.seed()
        few = {state: min(count, 2) for state, count in FULL.open_cases.items()}
        demo.load(sizes=Sizes(few, closed=4))
        small_past.run_a_case_late()
        small_past.let_somebody_leave()


if __name__ == "__main__":
    main()
