"""The address of a PostgreSQL database, looked at before anything is made from it."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
TAKEN_AT_THE_END = ("ssl", "host", "port")
"""`host` and `port`: for a socket, whose path stands nowhere else. The rest has a setting, or is none of ours."""


def trouble_in(url: str) -> str | None:
    """What is wrong with it, as the rest of a sentence that begins with the setting's name; None where nothing is.

    Nothing of the address is repeated: it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        return "is postgresql+asyncpg://user@host:port/database, with a number for the port"
    return _trouble_with_the_port(parsed) or _trouble_at_the_end(parsed)


def _trouble_with_the_port(url: URL) -> str | None:
    if url.port is not None and not 0 < url.port < 65_536:
        return "takes a port from 1 to 65535"
    return None


def _trouble_at_the_end(url: URL) -> str | None:
    if "sslmode" in url.query:
        return "takes ssl=... at its end where other programs take sslmode=..."
    if not set(url.query) <= set(TAKEN_AT_THE_END):
        return f"takes nothing at its end but {', '.join(TAKEN_AT_THE_END)}"
    if "ssl" in url.query and url.query["ssl"] not in SSL_MODES:
        return f"takes as ssl one of {', '.join(SSL_MODES)}"
    ports = url.query.get("port", ())
    if not all(each.isdecimal() for each in ([ports] if isinstance(ports, str) else ports)):
        return "takes a number as port"
    return None
