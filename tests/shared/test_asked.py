"""Questions that are made once."""

from sqlalchemy import bindparam, column, select, table

from shared.asked import Asked

ROW = table("row", column("kind"), column("place"))


def test_on_postgresql_a_question_is_asked_with_what_it_says_itself_and_what_is_given_in_their_order() -> None:
    asked = Asked(select(ROW.c.place).where(ROW.c.kind == "seat", ROW.c.place == bindparam("place")))
    assert asked._given({"place": 7}) == ["seat", 7]
