"""How alike two reports are: by class, metres, hours and words, each with its reason.

Every part lies between 0 and 1, and so does the whole. It does not matter which of the two comes first; nearer, sooner,
more words in common or a closer class never make two reports less alike. Local rule, measured in
docs/algorithms/duplicates.md.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# The WGS 84 ellipsoid: half the major axis in metres, first eccentricity squared.
SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY_2 = 0.00669437999014
HOURS_A_DAY = 24

# What each part counts in the whole; together 1.
CLASS_WEIGHT, PLACE_WEIGHT, TIME_WEIGHT, WORDS_WEIGHT = 0.2, 0.35, 0.15, 0.3
CLASS_PART = {"minor": 1.0, "major": 0.5, "any": 0.0}
MOST_COMMON_WORDS = 4

_RUNS = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u9fff\uf900-\ufaff]+")
# Said in any complaint about anything; written down by reading, not learned from any data.
_SAID_EVERYWHERE = """
投诉 举报 反映 反应 关于 建议 请求 希望 咨询 请问 问题 相关 有关 部门 政府 领导 尊敬 敬的 您好 你好 我们 我是 他们
你们 这个 那个 这样 什么 怎么 如何 为何 为什 是否 可以 能否 不能 没有 一个 一直 现在 目前 已经 还是 就是 但是 因为
所以 如果 而且 以及 还有 进行 情况 处理 解决 严重 影响 居民 群众 业主 市民 百姓 老百 生活 附近 每天 非常 多次 至今
谢谢 感谢 市政 人民 街道 社区 上报 发现 存在 现场
"""
_EMPTY_WORDS = frozenset(_SAID_EVERYWHERE.split())


class Sameness(StrEnum):
    """How close two classes must be, from strict to loose."""

    MINOR = "minor"
    MAJOR = "major"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Policy:
    """When reports of a class are proposed as one.

    `radius_m` (metres) and `days` bound how far apart they are; one that is still open is never too old. `words_min`
    (0 to 1) is the least that their words have in common.
    """

    radius_m: int
    days: int
    words_min: float
    same_class: Sameness
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared: class (key, and kind with major code), place (lon/lat, EPSG:4326) and words.

    `is_open` says that it is a case that still runs.
    """

    category: str
    major: str
    lon: float
    lat: float
    words: frozenset[str]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two reports are, and in what. Scores are from 0 to 1; `has_words` says that both say something."""

    score: float
    distance_m: float
    hours_apart: float
    words_score: float
    same_class: Sameness
    has_words: bool


def words_of(text: str) -> frozenset[str]:
    """The words by which texts are compared: pairs of Chinese characters, Latin words, numbers; without empty ones.

    Full and half width, capital and small letters are the same.
    """
    found: set[str] = set()
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii() or len(run) == 1:
            found.add(run)
        else:
            found.update(run[n : n + 2] for n in range(len(run) - 1))
    return frozenset(found - _EMPTY_WORDS)


def words_score(one: frozenset[str], other: frozenset[str]) -> float:
    """What two texts have in common: shared words over the geometric mean of their numbers (Ochiai), 0 to 1.

    Kinder than Jaccard's to a short report beside a long one. 0 when either says nothing.
    """
    if not one or not other:
        return 0.0
    return len(one & other) / math.sqrt(len(one) * len(other))


def class_of(one: Report, other: Report) -> Sameness:
    """How close their classes are."""
    if one.category == other.category:
        return Sameness.MINOR
    return Sameness.MAJOR if one.major == other.major else Sameness.ANY


def metres_between(one: Report, other: Report) -> float:
    """Distance in metres on the WGS 84 ellipsoid, by its curvature half way between.

    Good to a millimetre in a kilometre. For the few hundred metres of a search; not across the date line.
    """
    middle = math.radians((one.lat + other.lat) / 2)
    bend = 1 - ECCENTRICITY_2 * math.sin(middle) ** 2
    north_m = math.radians(one.lat - other.lat) * SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / bend**1.5
    east_m = math.radians(one.lon - other.lon) * SEMI_MAJOR_M / math.sqrt(bend) * math.cos(middle)
    return math.hypot(north_m, east_m)


def box_around(lon: float, lat: float, radius_m: float) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees of a box that holds every point within `radius_m`; a little larger."""
    bend = 1 - ECCENTRICITY_2 * math.sin(math.radians(lat)) ** 2
    north = math.degrees(radius_m / (SEMI_MAJOR_M * (1 - ECCENTRICITY_2)) * bend**1.5) * 1.01
    edge = max(math.cos(math.radians(min(abs(lat) + north, 89.9))), 1e-3)
    east = math.degrees(radius_m / SEMI_MAJOR_M * math.sqrt(bend) / edge) * 1.01
    return lon - east, lat - north, lon + east, lat + north


def likeness(one: Report, other: Report, hours_apart: float, policy: Policy) -> Likeness:
    """How alike two reports are under a policy. `hours_apart` is the time between them, whichever came first."""
    metres, hours = metres_between(one, other), abs(hours_apart)
    words, sameness = words_score(one.words, other.words), class_of(one, other)
    score = (
        CLASS_WEIGHT * CLASS_PART[sameness]
        + PLACE_WEIGHT * _closeness(metres, policy.radius_m)
        + TIME_WEIGHT * _closeness(hours, policy.days * HOURS_A_DAY)
        + WORDS_WEIGHT * words
    )
    return Likeness(min(score, 1.0), metres, hours, words, sameness, bool(one.words and other.words))


def is_proposed(found: Likeness, policy: Policy, *, is_open: bool) -> bool:
    """Whether the two are to be shown to a person as one matter.

    Where words are asked for and one says nothing yet, the same minor class has to do instead.
    """
    in_time = is_open or found.hours_apart <= policy.days * HOURS_A_DAY
    near = found.distance_m <= policy.radius_m
    if found.has_words or policy.words_min == 0:
        close = CLASS_PART[found.same_class] >= CLASS_PART[policy.same_class]
        return policy.enabled and in_time and near and close and found.words_score >= policy.words_min
    return policy.enabled and in_time and near and found.same_class is Sameness.MINOR


def common_words(one: str, other: str) -> tuple[str, ...]:
    """The longest runs of Chinese characters, words and numbers that stand in both texts, the longest first."""
    shared = words_of(one) & words_of(other)
    runs: set[str] = set()
    for run in _RUNS.findall(unicodedata.normalize("NFKC", one).lower()):
        runs.update(_joined(run, shared))
    ordered = sorted(runs, key=lambda word: (-len(word), word))
    kept: list[str] = []
    for word in ordered:
        if not any(word in longer for longer in kept):
            kept.append(word)
    return tuple(kept[:MOST_COMMON_WORDS])


def _joined(run: str, shared: frozenset[str]) -> list[str]:
    """Neighbouring shared pairs of a run put together again: 井盖, 盖破, 破损 make 井盖破损."""
    if run[0].isascii() or len(run) == 1:
        return [run] if run in shared else []
    found, begun = [], None
    for n in range(len(run)):
        if run[n : n + 2] in shared:
            begun = n if begun is None else begun
        elif begun is not None:
            found.append(run[begun : n + 1])
            begun = None
    return found


def _closeness(apart: float, most: float) -> float:
    """1 for nothing apart, falling evenly to 0 at the bound and beyond."""
    return max(0.0, 1.0 - apart / most) if most > 0 else float(apart <= 0)
