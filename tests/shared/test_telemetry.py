"""Metrics: counted per service, and never by what a stranger types."""

from shared.telemetry import make_metrics, render


def test_each_service_counts_for_itself() -> None:
    travel, registration = make_metrics("travel"), make_metrics("registration")
    travel.answered("GET", "/flights/{id}", 200, 0.003)
    travel.relay_sent.inc(3)
    travel.outbox_depth.set(7)
    travel.outbox_age.set(1.5)
    travel.parked.set(1)
    travel.lagging("homeward.registration", 2, 40)
    said = render(travel)[0].decode()
    for line in (
        'homeward_requests_total{method="GET",route="/flights/{id}",service="travel",status="200"} 1.0',
        'homeward_relay_sent_total{service="travel"} 3.0',
        'homeward_outbox_depth{service="travel"} 7.0',
        'homeward_outbox_age_seconds{service="travel"} 1.5',
        'homeward_parked{service="travel"} 1.0',
        'homeward_consumer_lag{partition="2",service="travel",topic="homeward.registration"} 40.0',
    ):
        assert line in said
    assert "/flights" not in render(registration)[0].decode()


def test_what_a_stranger_types_is_no_label() -> None:
    metrics = make_metrics("travel")
    metrics.answered("SHILAN", None, 405, 0.001)
    said = render(metrics)[0].decode()
    assert "SHILAN" not in said
    assert 'method="other",route="unmatched"' in said


def test_the_answer_says_its_format() -> None:
    assert render(make_metrics("travel"))[1].startswith("text/plain")
