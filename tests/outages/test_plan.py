"""The plan of outages: the same for the same seed, and no kind left out. And what the driver does to messages."""

from collections.abc import Sequence
from itertools import islice
from random import Random
from threading import Event
from types import SimpleNamespace

import orjson
import pytest

from shared.brokers import BrokerUnavailable, Message
from tests.outages import lanes
from tests.outages.foreign import foreign_key, is_foreign
from tests.outages.lanes import TRIES, TURNS
from tests.outages.plan import LANES, SHORT, planned
from tests.outages.scene import NotReached
from tests.outages.suffering import NEWER, as_a_newer_version, muddled


@pytest.mark.parametrize("lane", LANES)
def test_a_seed_gives_the_same_outages_each_time(lane: str) -> None:
    first, again, other = (list(islice(planned(seed, lane, LANES[lane]), 200)) for seed in (7, 7, 8))
    assert first == again
    assert first != other


@pytest.mark.parametrize("lane", LANES)
def test_every_kind_comes_before_any_comes_twice(lane: str) -> None:
    kinds = LANES[lane]
    assert sorted(each.kind for each in islice(planned(3, lane, kinds), len(kinds))) == sorted(kinds)
    assert {each.kind for each in islice(planned(3, lane, kinds), 100, 200)} <= set(kinds)


def test_the_short_form_has_kinds_of_the_long_one() -> None:
    assert {lane: set(kinds) - set(LANES[lane]) for lane, kinds in SHORT.items()} == {lane: set() for lane in SHORT}


@pytest.mark.parametrize(("away", "tries", "came"), [(TRIES + 1, TRIES + 2, 1), (1_000, TRIES * TURNS, 0)])
def test_a_kind_that_was_not_reached_has_another_turn_but_not_without_end(
    away: int, tries: int, came: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def doing(_scene: object, _outage: object, _random: object) -> str:
        tried.append(1)
        if len(tried) <= away:
            raise NotReached("Kafka is away")
        return "done"

    monkeypatch.setitem(lanes.DOINGS, "poison fact", doing)
    monkeypatch.setitem(lanes.DOINGS, "poison case", lambda *_: "done")
    monkeypatch.setattr("tests.outages.lanes.time.sleep", lambda _seconds: None)
    scene = SimpleNamespace(over=Event(), finding=pytest.fail)
    kinds = {"messages": ["poison fact", "poison case"]}
    worked = lanes.Lanes(scene, kinds, 7, 0.0, haste=1e6, tell=lambda _line: None)  # type: ignore[arg-type]  # all it is asked
    worked.run()
    assert len(tried) == tries
    assert worked.counts["poison fact"] == came
    assert worked.counts["poison case"] >= 1


def test_a_foreign_key_is_known_as_such() -> None:
    assert is_foreign(foreign_key())
    assert not is_foreign("0f8fad5b-d9cb-469f-a165-70867728950e")


def message(key: str, number: int) -> Message:
    return Message("homeward.travel", key, orjson.dumps({"sequence": number, "data": {"seats": 1}}), {})


class Sink:
    """A broker that takes so many messages and then is away."""

    def __init__(self, takes: int = 1_000) -> None:
        self.got: list[Message] = []
        self.takes = takes

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        if len(self.got) + len(messages) > self.takes:
            raise BrokerUnavailable("away")
        self.got += messages
        return [None] * len(messages)


async def test_a_muddle_keeps_the_order_of_each_key() -> None:
    messages = [message(key, number) for number in range(5) for key in "abc"]
    sink = Sink()
    assert await muddled(sink, Sink.publish, messages, Random(1)) == [None] * 15  # type: ignore[arg-type]  # it publishes, and that is all it is asked
    assert sorted(sink.got, key=lambda each: each.key) == sorted(messages, key=lambda each: each.key)
    assert sink.got != messages


async def test_a_muddle_that_is_cut_off_says_what_was_not_sent() -> None:
    messages = [message(key, number) for number in range(5) for key in "abc"]
    sink = Sink(takes=7)
    verdicts = await muddled(sink, Sink.publish, messages, Random(2))  # type: ignore[arg-type]  # as above
    sent = [each for each, verdict in zip(messages, verdicts, strict=True) if verdict is None]
    assert sorted(map(repr, sent)) == sorted(map(repr, sink.got))
    assert len(sent) < len(messages)
    with pytest.raises(BrokerUnavailable):
        await muddled(Sink(takes=0), Sink.publish, messages, Random(2))  # type: ignore[arg-type]  # as above


def test_a_newer_version_only_says_more() -> None:
    plain = message("a", 1)
    newer = orjson.loads(as_a_newer_version(plain).value)
    assert newer.pop(NEWER)
    assert newer["data"].pop(NEWER)
    assert newer == orjson.loads(plain.value)
