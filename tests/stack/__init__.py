"""The services as separate processes, an API and a worker each, on real PostgreSQL and Kafka, for tests of all kinds.

`stack()` gives a `Stack` of `Part`s; each part is one process, which a test may start, stop and kill as it likes.
"""

from tests.stack.building import stack
from tests.stack.parts import Part, Stack

__all__ = ["Part", "Stack", "stack"]
