"""`make operation`: all that `homeward demo` plays, over separate processes on real PostgreSQL and Kafka.

The same figures must come out as on the embedded default; the demo compares them, and says which does not.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.real_parts import real_parts
from tests.stack import stack
from tests.stack.fronts import front


def main() -> int:
    with (
        real_parts() as parts,
        TemporaryDirectory(prefix="homeward-operation-") as folder,
        stack(Path(folder), parts.postgres, parts.kafka) as services,
        front(services) as page,
    ):
        command = [sys.executable, "-m", "services.cli", "demo", "--whole", "--against", page, "--data", folder]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
