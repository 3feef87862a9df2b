"""Whether an address can be listened on: asked before anything else of a server starts."""

import errno
import socket
from typing import Any


def refusal(host: str, port: int) -> str | None:
    """Why nobody can listen on an address of this machine, for the operator; None when one can.

    Args:
        host: a name or an IP address.
        port: 1 to 65535.

    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        found = []
    faults = [_fault(family, address) for family, _, _, _, address in found]
    if errno.EADDRINUSE in faults:
        return f"port {port} is taken; choose another with --port"
    if errno.EACCES in faults:
        return f"port {port} is not for everybody; choose one above 1023 with --port"
    return None if None in faults else f"--host: {host!r} is no address of this machine"


def _fault(family: int, address: Any) -> int | None:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as door:
            # As the server will do it: what only just ended does not count as taken.
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            door.bind(address)
    except OSError as error:
        return error.errno
    return None
