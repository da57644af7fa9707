from .errors import HttpError
from .pool import Pool


class Database:
    """
    Writes go to the primary and reads to its replica. Both are tried again when their connection turns out to have died unseen, so a
    write must be one that changes nothing the second time. Methods throw 503 when the database does not answer.
    """

    def __init__(self, config, metrics):
        # A semisynchronous commit waits for the replica, so it may take longer than a read.
        self.pools = {
            "primary": Pool("primary", config, 3, metrics),
            "replica": Pool("replica", config, 1, metrics),
        }

    def read(self, sql, values=()):
        return self.pools["replica"].query(sql, values, lambda cursor: cursor.fetchall())

    def write(self, sql, values):
        """Returns the id that was written."""
        return self.pools["primary"].query(sql, values, lambda cursor: cursor.lastrowid)

    def answers(self, role):
        try:
            self.pools[role].query("SELECT 1", (), lambda cursor: cursor.fetchall())
            return True
        except HttpError:
            return False
