"""The page that names the four services, as nginx serves it in containers: `homeward demo --against` starts from it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.stack.parts import HOST, Stack


@contextmanager
def front(stack: Stack) -> Iterator[str]:
    """The address of the page, until the block ends."""
    page = json.dumps({"services": {name: urls[0] for name, urls in stack.addresses.items()}, "mode": "development"})

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer((HOST, 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
