"""The empty table to fill in, with the units, posts and roles that can be written in it."""

from io import BytesIO
from typing import TYPE_CHECKING

from yiwang.core.accounts import queries
from yiwang.core.accounts.models import Role
from yiwang.core.actor import Actor
from yiwang.core.rosters.actions import managed_posts
from yiwang.core.rosters.rules import KINDS, PEOPLE, UNITS

if TYPE_CHECKING:
    from openpyxl import Workbook

WIDTHS = (16, 12, 16, 26, 16, 14, 18, 14)


def workbook(actor: Actor) -> bytes:
    """An .xlsx: headings on the first sheet, on the second what units, posts and roles there are."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("人员")
    sheet.append([words[0] for words in PEOPLE.headings.values()])
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[number]].width = width
    # So that a number is not made of what begins with a nought or is long.
    for column in "AC":
        sheet.column_dimensions[column].number_format = "@"
    known = book.create_sheet("可填内容")
    known.append(["单位", "单位编码", "岗位", "角色（留空则同岗位）"])
    for post in managed_posts(actor):
        known.append([post.unit.name, post.unit.code, post.name])
    for number, role in enumerate(Role.objects.order_by("id"), start=2):
        known.cell(number, 4, role.name)
    for column, width in zip("ABCD", (26, 22, 16, 22), strict=True):
        known.column_dimensions[column].width = width
    return _saved(book)


def unit_workbook() -> bytes:
    """An .xlsx for units: headings on the first sheet, on the second what units there are, and kinds and roles."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("单位")
    sheet.append([words[0] for words in UNITS.headings.values()])
    sheet.column_dimensions["C"].number_format = "@"
    known = book.create_sheet("可填内容")
    known.append(["已有单位（可作上级）", "单位编码", "类别", "岗位（按角色）", "处置单位"])
    columns = (
        [unit.name for unit in queries.units()],
        [unit.code for unit in queries.units()],
        list(KINDS),
        list(Role.objects.order_by("id").values_list("name", flat=True)),
        ["是", "否"],
    )
    for column, words in enumerate(columns, start=1):
        for number, word in enumerate(words, start=2):
            known.cell(number, column, word)
    for page in (sheet, known):
        for letter in "ABCDEFG":
            page.column_dimensions[letter].width = 22
    return _saved(book)


def _saved(book: "Workbook") -> bytes:
    """The workbook as bytes: headings bold and held in place, and every word a word: a name that begins with = is
    no formula."""
    from openpyxl.styles import Font

    for page in book.worksheets:
        page.freeze_panes = "A2"
        for cell in page[1]:
            cell.font = Font(bold=True)
        for row in page.iter_rows():
            for cell in row:
                if cell.value is not None:
                    cell.data_type = "s"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
