"""Check of where photos and documents lie: a few bytes are written there, read, and removed again."""

from yiwang.project.doctor.finding import Finding
from yiwang.project.environment import ENV


def place() -> Finding:
    """Whether content can be written and read. A folder that was never used is not made for it."""
    if ENV.files_url is None and not ENV.files_dir.exists():
        return Finding.ok(f"not made yet; the first upload makes {ENV.files_dir}")
    from yiwang.project import preparation

    preparation.set_up_django()
    from yiwang.core.errors import Unavailable
    from yiwang.core.files import actions

    try:
        name, seconds = actions.try_out()
    except Unavailable as error:
        return Finding.wrong(str(error.__cause__), "check YIWANG_FILES_URL, the credentials and the store")
    except (OSError, ValueError) as error:
        return Finding.wrong(str(error), "check YIWANG_FILES_URL and YIWANG_FILES_DIR")
    return Finding.ok(f"{name}, written and read in {seconds * 1000:.0f} ms")
