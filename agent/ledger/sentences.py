"""What was told of an end, as it is kept: message and cure in each language, without secrets."""

from collections.abc import Mapping

from agent.domain.reasons import Explanation
from agent.domain.text import Text
from agent.ledger.scrub import Scrubber


def kept(why: Explanation | None, masked: Scrubber) -> dict[str, str] | None:
    """The sentences under the names that `told` reads."""
    if why is None:
        return None
    cure = why.cure or Text("", "")
    found = {"en": why.message.en, "zh": why.message.zh, "cure_en": cure.en, "cure_zh": cure.zh}
    return {name: masked.clean(text) for name, text in found.items()}


def told(row: Mapping[str, str] | None, text: str | None) -> Explanation | None:
    """What was kept; of rows that older versions wrote the English sentence `text` alone is known."""
    if row is None:
        return Explanation(Text(text, text)) if text else None
    cure = Text(row["cure_en"], row["cure_zh"]) if row["cure_en"] else None
    return Explanation(Text(row["en"], row["zh"]), cure)
