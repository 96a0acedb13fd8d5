"""The broker, its topics, and how far each service has read them."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from services.command.chosen import wiring_of
from services.command.doctor.findings import Finding, State, certificate, ok, warning, wrong
from shared.access import broker_options
from shared.brokers import Broker, BrokerUnavailable, open_broker
from shared.certificates import CertificateRefused, shown_by
from shared.consumer import group_of, topics_heard
from shared.folder import REPLACE_IT, damage_in
from shared.settings import Settings
from shared.wiring import TOPICS

MANY = 10_000
"""Messages a service may be behind before it is worth a warning."""


async def looked(services: Sequence[str], settings: Settings, days: int) -> AsyncIterator[Finding]:
    url = settings.broker()
    if url.startswith("embedded:"):
        file = Path(url.removeprefix("embedded:"))
        if (standing := _of_the_file(file)) is not None:
            yield standing
            return
    try:
        options = broker_options(settings)
    except CertificateRefused:
        return  # said where files are looked at
    if url.startswith("kafka://"):
        there = False
        async for each in _servers(url.removeprefix("kafka://").split(","), settings, options.get("ssl_context"), days):
            there = there or each.state is not State.WRONG
            yield each
        if not there:
            return
    broker = open_broker(url, options)
    try:
        await broker.start()
        for each in await _topics(broker, in_a_file=not url.startswith("kafka://")):
            yield each
        for service in services:
            yield await _lag(broker, service)
    except BrokerUnavailable as error:
        yield wrong("events", f"The log of events cannot be used: {error}.", _what_to_do(settings))
    finally:
        await broker.stop()


def _of_the_file(file: Path) -> Finding | None:
    """Looked at before it is opened, which would make it where it is not."""
    if not file.exists():
        return ok("events", "There is no log of events yet; the first start makes it.")
    trouble = damage_in(file)
    return None if trouble is None else wrong("events", trouble, REPLACE_IT)


async def _servers(servers: list[str], settings: Settings, context: object, days: int) -> AsyncIterator[Finding]:
    import ssl

    asked = context if isinstance(context, ssl.SSLContext) else None
    for server in servers:
        host, _, port = server.rpartition(":")
        shown = await shown_by(host.strip("[]"), int(port), asked)
        if shown.trouble is not None:
            yield wrong("events", shown.trouble, "See that server, and HOMEWARD_BROKER_URL and HOMEWARD_BROKER_CA.")
        elif shown.ends is not None:
            yield certificate("events", f"The certificate of {server}", shown.ends, days)
        else:
            yield ok("events", f"{server} is there.")
    if settings.broker_security == "SASL_PLAINTEXT":
        yield warning("events", "The password for Kafka goes over the network in the clear.", "Use SASL_SSL.")


async def _topics(broker: Broker, *, in_a_file: bool) -> list[Finding]:
    missing = await broker.check_topics(TOPICS)
    if missing and in_a_file:
        return [ok("topics", "The next start makes the topics.")]
    found = [wrong("topics", each, "Until then no worker starts.") for each in missing]
    found += [warning("topics", each, "See the sentence.") for each in await broker.risks(TOPICS)]
    return found or [ok("topics", f"All {len(TOPICS)} topics are as they should be.")]


async def _lag(broker: Broker, service: str) -> Finding:
    behind = sum((await broker.lag(group_of(service), topics_heard(wiring_of(service).handlers))).values())
    said = f"{service} has {behind} messages still to read."
    if behind > MANY:
        return warning("topics", said, f"See whether `homeward work {service}` runs, and what its log says.")
    return ok("topics", said)


def _what_to_do(settings: Settings) -> str:
    if not settings.broker().startswith("kafka://"):
        return "See the file of the log, and the space on its disk."
    signs_in = " user and password," if settings.broker_security.startswith("SASL") else ""
    return f"See whether Kafka runs, and its{signs_in} address and HOMEWARD_BROKER_SECURITY."
