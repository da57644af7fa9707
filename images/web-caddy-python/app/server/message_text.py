import re

from .errors import HttpError

# Most characters (Unicode code points) of a message: the width of its column.
TEXT_LIMIT = 280

# What is no text: lone surrogates, and control characters other than tab, line feed and carriage return.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def message_text(value):
    """Returns the text of a message as it is stored. Throws 400 when it is not one."""
    if not isinstance(value, str):
        raise HttpError(400, "message_missing", '"body" must be a string.')
    if NOT_TEXT.search(value):
        raise HttpError(400, "message_not_text", "The message has characters that are not text.")
    text = value.replace("\r\n", "\n").strip()
    if text == "":
        raise HttpError(400, "message_empty", "The message is empty.")
    if len(text) > TEXT_LIMIT:
        raise HttpError(400, "message_too_long", f"The message may have at most {TEXT_LIMIT} characters.")
    return text
