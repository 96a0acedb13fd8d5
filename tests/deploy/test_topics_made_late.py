"""A stack that comes up on a busy machine: the migrations ask a broker that has only begun."""

from collections.abc import Sequence
from typing import cast

import pytest

from services.command.run import TRIES, make_topics
from shared.brokers import Broker, BrokerUnavailable, TopicSpec


class Late:
    """Answers in time from the `late`-th time on; before, what its limits say for `cause`."""

    def __init__(self, late: int, cause: Exception) -> None:
        self.late, self.cause = late, cause
        self.asked = 0

    async def create_topics(self, topics: Sequence[TopicSpec]) -> None:
        self.asked += 1
        assert topics
        if self.asked <= self.late:
            raise BrokerUnavailable("Kafka is away") from self.cause

    async def check_topics(self, topics: Sequence[TopicSpec]) -> list[str]:
        return []


async def test_a_broker_that_answers_late_is_asked_again_for_its_topics() -> None:
    broker = Late(2, TimeoutError())
    await make_topics(cast(Broker, broker))
    assert broker.asked == 3


@pytest.mark.parametrize(("cause", "times"), [(TimeoutError(), TRIES), (ConnectionRefusedError(), 1)])
async def test_a_broker_that_never_answers_is_told_as_away_and_one_that_is_not_there_at_once(
    cause: Exception, times: int
) -> None:
    broker = Late(1_000, cause)
    with pytest.raises(BrokerUnavailable):
        await make_topics(cast(Broker, broker))
    assert broker.asked == times
