"""The settings that would teach the reader what it did not understand."""

import tomllib

from agent.domain.explanation import Stop, beyond_settings, lines_to_add
from agent.domain.text import Text
from agent.domain.unread import RowGap, UnreadRow, gaps_in, stopped_alone, teach

SENTENCE = Text("x", "x")


def row(*gaps: tuple[str, str], foreign: bool = False) -> UnreadRow:
    told = (RowGap(field, text, Text(f"{field} {text}", f"{field} {text}")) for field, text in gaps)
    return UnreadRow("339100000000001", "网店管家云端版", tuple(told), foreign)


def lines(*rows: UnreadRow, built_in: bool = True) -> list[str]:
    return [line.en for line in lines_to_add(Stop("taobao", SENTENCE, rows), built_in=built_in)]


def test_an_unknown_state_is_left_for_a_person_to_name() -> None:
    found = lines(row(("status", "已受理")), row(("status", '待"评"价'), foreign=True))
    assert found[0] == "[sites.taobao]"
    assert found[1].endswith("# in place of ?: unpaid, awaiting_confirmation, completed, closed, refunding")
    assert tomllib.loads("\n".join(found))["sites"]["taobao"]["statuses"] == {"已受理": "?", '待"评"价': "?"}


def test_the_only_unknown_heading_is_the_missing_column() -> None:
    stop = Stop("taobao", SENTENCE, columns=("order_no",), headings=("流水",))
    assert [line.en for line in lines_to_add(stop, built_in=True)] == [
        "[sites.taobao]",
        'headings = { order_no = ["流水"] }',
    ]


def test_of_several_headings_a_person_chooses() -> None:
    stop = Stop("taobao", SENTENCE, columns=("order_no", "status"), headings=("流水", "进展", "渠道"))
    assert lines_to_add(stop, built_in=True)[1].en == (
        'headings = { order_no = ["?"], status = ["?"] }  # in place of ?: "流水", "进展", "渠道"'
    )


def test_the_shape_of_numbers_is_read_off_them() -> None:
    assert "number = '[0-9]{9,11}'" in lines(row(("order_no", "123456789")), row(("order_no", "12345678901")))[1]


def test_a_platform_of_the_settings_is_named_by_its_table() -> None:
    assert 'id = "taobao"' in lines(row(("status", "已受理")), built_in=False)[0]


def test_what_no_setting_can_say_is_told_as_it_is() -> None:
    assert lines(row(("amount", "面议"))) == []
    assert [text.en for text in beyond_settings([row(("amount", "面议"), ("status", "x"))])] == ["amount 面议"]


def test_the_sentence_names_every_word_once_and_counts_the_rest() -> None:
    told = gaps_in([row(*(("status", f"s{n}") for n in range(8))), row(("status", "s0"))])
    assert told.en == "status s0; status s1; status s2; status s3; status s4; and 3 more"
    assert stopped_alone([row(("status", "s0"))]).en.startswith("1 row(s) are not understood")
    assert "fankuan explain m1/taobao" in teach("m1/taobao").zh
