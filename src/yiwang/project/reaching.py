"""How one process of the platform asks another on the same machine."""

import http.client
import json
import ssl
from typing import Any

from yiwang.project.environment import ENV, browsable


def to_server(port: int, patience_s: float) -> http.client.HTTPConnection:
    """A connection to one of the servers, not opened yet; over TLS it trusts the installation's own authority only."""
    host = browsable(ENV.host).strip("[]")
    if not ENV.tls:
        return http.client.HTTPConnection(host, port, timeout=patience_s)
    trust = ssl.create_default_context(cafile=str(ENV.tls_dir / "ca.crt"))
    return http.client.HTTPSConnection(host, port, timeout=patience_s, context=trust)


def asked(path: str, patience_s: float = 10.0) -> dict[str, Any]:
    """What the running platform answers to everybody below /api/v1. Raises OSError, ValueError."""
    connection = to_server(ENV.port, patience_s)
    try:
        connection.request("GET", f"/api/v1{path}")
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise OSError(f"{path} was answered with {answer.status}")
        found: dict[str, Any] = json.load(answer)
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()
    return found
