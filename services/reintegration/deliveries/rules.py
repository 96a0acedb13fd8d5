"""What a delivery needs."""

from datetime import date

from shared.problems import Problem


class CertificateBeforeDelivery(Problem):
    slug = "certificate-before-delivery"
    status = 422
    title = "The certificate was signed before the delivery it shows"
    remedy = "Give the days as they stand on the certificate; it is signed when the goods are handed over, or later."


class CertificateUsed(Problem):
    slug = "certificate-used"
    status = 409
    title = "That certificate was already counted for this line"
    remedy = "Look at the plan's deliveries; another delivery has a certificate of its own."


class DeliveredByAnother(Problem):
    slug = "delivered-by-another"
    status = 409
    title = "This line was ordered from another provider"
    remedy = "`provider` is the order's: name it, or nobody. If another one delivers, cancel the order and order anew."


def check_provider(said: str | None, known: str | None) -> None:
    """`known`: the code of the order's provider, or of the recorded one; None without any. Raises
    `DeliveredByAnother`."""
    if None not in (said, known) and said != known:
        raise DeliveredByAnother(provider=known)


def check_certificate(delivered_on: date, signed_on: date) -> None:
    """Raises `CertificateBeforeDelivery`."""
    if signed_on < delivered_on:
        raise CertificateBeforeDelivery()
