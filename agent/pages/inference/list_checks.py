"""Whether a list can be read at all: its columns are there, and nothing stands beside its rows."""

from collections.abc import Collection

from agent.domain.page_errors import ColumnsMissing, PageChanged
from agent.domain.text import Text
from agent.pages import vocabulary
from agent.pages.inference.parsed_list import ParsedList
from agent.pages.inference.row_values import ALL_FIELDS, chinese_heading

ORDER_NEEDS = ("order_no", "ordered_at", "service", "amount", "status")
FILING_NEEDS = ("order_no", "status")


def missing_column(parsed: ParsedList, needs: Collection[str], address: str) -> None:
    """Raise ColumnsMissing if a list with headings lacks any that is needed; further headings do no harm."""
    headed = {"amount" if name == "amount_fen" else name for name in parsed.headed}
    lacking = [name for name in needs if headed and name not in headed]
    if lacking:
        unknown = [n.text for n in parsed.header if vocabulary.field_of(n.text, ALL_FIELDS) is None and n.text]
        en, zh = ", ".join(lacking), "”“".join(chinese_heading(name) for name in lacking)
        beside = Text(f" (its headings {', '.join(unknown)} are not known)", f"（未知的列名：{'、'.join(unknown)}）")
        beside = beside if unknown else Text("", "")
        told = Text(f"the list has no column for {en}{beside.en}", f"列表缺少“{zh}”列{beside.zh}")
        raise ColumnsMissing(address, told, tuple(lacking), tuple(unknown))


def no_loose_words(parsed: ParsedList, address: str) -> None:
    """Raise PageChanged for words beside the rows of a list if nothing proves to which row they belong."""
    if parsed.loose:
        text = next((n.text or n.name for n in parsed.loose if n.text or n.name), "?")[:40]
        raise PageChanged(
            address,
            Text(
                f"“{text}” stands beside the rows of the list, and nothing proves to which of them it belongs",
                f"列表旁的“{text}”无法确定属于哪一行",
            ),
        )
