"""Structured logs: one JSON line each, on standard output, where the supervisor and the engine collect them."""

import json
import sys
from datetime import datetime, timezone


def log(level, message, **fields):
    write({"type": "app", "level": level, "message": message, **fields})


def log_access(**fields):
    write({"type": "access", **fields})


def write(fields):
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    # In one piece, so that lines of different threads do not mix.
    sys.stdout.write(json.dumps({"time": now, **fields}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
