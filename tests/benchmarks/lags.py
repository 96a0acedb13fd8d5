"""How far the services are behind in the topics, asked so often that it must cost next to nothing: through librdkafka,
and with connections that stay."""

from confluent_kafka import Consumer, TopicPartition

from services.command.chosen import wiring_of
from shared.consumer import group_of, topics_heard
from shared.settings import SERVICES
from shared.wiring import PARTITIONS


class Lags:
    """`most()`: messages that the service furthest behind has not committed yet."""

    def __init__(self, server: str) -> None:
        self._groups = {
            service: Consumer({"bootstrap.servers": server, "group.id": group_of(service), "log_level": 2})
            for service in SERVICES
        }
        self._heard = {
            service: [
                TopicPartition(topic, number)
                for topic in topics_heard(wiring_of(service).handlers)
                for number in range(PARTITIONS)
            ]
            for service in SERVICES
        }

    def most(self) -> int:
        ends: dict[tuple[str, int], int] = {}
        behind = []
        for service, group in self._groups.items():
            left = 0
            for place in group.committed(self._heard[service], timeout=10):
                key = (place.topic, place.partition)
                if key not in ends:
                    ends[key] = group.get_watermark_offsets(place, timeout=10)[1]
                left += ends[key] - max(0, place.offset)  # below nothing: that group has committed nothing yet
            behind.append(left)
        return max(behind)

    def close(self) -> None:
        for group in self._groups.values():
            group.close()
