"""Prints N free ports of 127.0.0.1, below the range from which the system takes ports for outgoing connections."""

import random
import socket
import sys

wanted = int(sys.argv[1])
free = []
for port in random.sample(range(20000, 32000), 200):
    with socket.socket() as candidate:
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            continue
    free.append(port)
    if len(free) == wanted:
        print(*free)
        sys.exit(0)
sys.exit("fewer than %d free ports of 127.0.0.1 between 20000 and 32000" % wanted)
