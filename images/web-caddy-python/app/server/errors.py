class HttpError(Exception):
    """An answer other than success, in the words a client needs to mend its request. `code` is a short stable name."""

    def __init__(self, status, code, message, headers=None):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}
