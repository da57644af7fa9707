import time
from datetime import datetime, timezone

# Seconds since 1970 go both ways, so that no session's time zone can shift them.
SELECT = "SELECT id, body, server, UNIX_TIMESTAMP(created_at) FROM messages"


class Messages:
    def __init__(self, database):
        self.database = database

    def add(self, body, server, request):
        """Writes through the primary and returns what was written; the same request, sent again, writes nothing new."""
        now = round(time.time(), 3)
        written = self.database.write(
            "INSERT INTO messages (body, server, created_at, request) VALUES (%s, %s, FROM_UNIXTIME(%s), %s)"
            " ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)",
            (body, server, now, request),
        )
        return message(written, body, server, now)

    def latest(self, limit):
        """The newest messages first, as the replica has them."""
        return [message(*row) for row in self.database.read(f"{SELECT} ORDER BY id DESC LIMIT %s", (limit,))]

    def find(self, number):
        rows = self.database.read(f"{SELECT} WHERE id = %s", (number,))
        return message(*rows[0]) if rows else None


def message(number, body, server, created):
    at = datetime.fromtimestamp(round(float(created), 3), timezone.utc)
    # ISO 8601, UTC, to the millisecond.
    return {"id": number, "body": body, "server": server, "createdAt": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{round(at.microsecond / 1000):03d}Z"}
