import queue
import threading
import time

import pymysql

from .errors import HttpError
from .log import log

CONNECTIONS = 5
# Requests that may wait for a connection; more are refused at once rather than take the threads that health needs.
WAITING = 25
CONNECT_SECONDS = 1.2
# Longest wait for another request’s connection: the outside probe waits two seconds for an answer.
BORROW_SECONDS = 1.4


class Pool:
    """
    Connections to one database, over TLS. None is opened before it is asked for, so a database that is not there delays
    nothing; one that comes back is used at the next query.
    """

    def __init__(self, role, config, answer_seconds, metrics):
        self.role = role
        self.config = config
        self.answer_seconds = answer_seconds
        self.metrics = metrics
        self.turns = threading.BoundedSemaphore(CONNECTIONS)
        self.idle = queue.LifoQueue()
        self.waiting = 0
        self.in_use = 0
        self.counting = threading.Lock()
        self.reachable = None
        metrics.watch_pool(role, self)

    def query(self, sql, values, result):
        """Runs one statement, and again when its connection turns out to have died unseen. Throws 503 when the database does not answer."""
        observe = self.metrics.start_query(self.role)
        try:
            with self.turn():
                answer = self.attempt(sql, values, result)
        except (pymysql.MySQLError, OSError, TimeoutError) as error:
            self.became(False, str(error))
            observe("error")
            raise HttpError(503, "database_unavailable", f"The {self.role} database does not answer.") from error
        self.became(True)
        observe("ok")
        return answer

    def turn(self):
        return Turn(self)

    def attempt(self, sql, values, result):
        deadline = time.monotonic() + BORROW_SECONDS
        while True:
            try:
                connection = self.idle.get_nowait()
                fresh = False
            except queue.Empty:
                connection = self.connect()
                fresh = True
            try:
                with connection.cursor() as cursor:
                    cursor.execute(sql, values)
                    answer = result(cursor)
            except (pymysql.MySQLError, OSError) as error:
                discard(connection)
                # One that was idle may have died long ago, as when a firewall forgot it: another is opened, and the others go too.
                if fresh or refused_by_server(error) or time.monotonic() > deadline:
                    raise
                self.drop_idle()
                continue
            self.idle.put(connection)
            return answer

    def connect(self):
        host, port = self.config.places[self.role]
        connection = pymysql.connect(
            host=host,
            port=port,
            user=self.config.user,
            password=self.config.password,
            database=self.config.name,
            charset="utf8mb4",
            ssl=self.config.tls,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=self.answer_seconds,
            write_timeout=self.answer_seconds,
            autocommit=True,
        )
        return connection

    def drop_idle(self):
        while True:
            try:
                discard(self.idle.get_nowait())
            except queue.Empty:
                return

    def became(self, reachable, reason=""):
        """Says once that a database went away or came back, not at every query."""
        if self.reachable == reachable:
            return
        self.reachable = reachable
        if reachable:
            log("info", f"the {self.role} database answers")
        else:
            log("warning", f"the {self.role} database does not answer", reason=reason)


class Turn:
    """A request's turn to have a connection."""

    def __init__(self, pool):
        self.pool = pool

    def __enter__(self):
        pool = self.pool
        with pool.counting:
            if pool.waiting >= WAITING:
                raise TimeoutError("too many wait for a connection")
            pool.waiting += 1
        try:
            if not pool.turns.acquire(timeout=BORROW_SECONDS):
                raise TimeoutError(f"no connection within {BORROW_SECONDS} s")
        finally:
            with pool.counting:
                pool.waiting -= 1
        with pool.counting:
            pool.in_use += 1

    def __exit__(self, *_):
        with self.pool.counting:
            self.pool.in_use -= 1
        self.pool.turns.release()


def discard(connection):
    """Without a goodbye, which might never be answered."""
    try:
        connection._force_close()
    except OSError:
        pass


def refused_by_server(error):
    """Errors that MySQL itself gave have numbers from 1000 to 1999 and above 3000; a client's own are from 2000 on."""
    number = error.args[0] if isinstance(error, pymysql.MySQLError) and error.args else 2013
    return isinstance(number, int) and not 2000 <= number < 3000 and number != 0
