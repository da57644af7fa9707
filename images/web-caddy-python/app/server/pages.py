import re
from urllib.parse import parse_qs

from flask import render_template, request

from .asked import read_body, request_id, require_type, visitor_of
from .errors import HttpError
from .message_text import TEXT_LIMIT, message_text
from .reply import page_reply, see_other

SHOWN_MESSAGES = 10
# Colours that `site.css` has, as `tint-0` and so on.
TINTS = 6


def page_routes(server, messages):
    """The page and its form, which work without scripts."""

    def shown():
        # The page is of use without messages, so a replica that does not answer is no error here.
        try:
            return messages.latest(SHOWN_MESSAGES)
        except HttpError:
            return None

    def render(status, notice=None, draft=""):
        content = {"server": server, "visitor": visitor_of(request), "messages": shown(), "notice": notice, "draft": draft}
        return page_reply(status, render_template("page.html", **content, text_limit=TEXT_LIMIT, tint=tint, shown_time=shown_time))

    def page():
        written = request.args.get("written", "")
        if not re.fullmatch(r"[0-9]{1,15}", written):
            return render(200)
        return render(200, ("good", f"Message #{written} is written; the replica shows it in a moment."))

    def post():
        require_type(request, "application/x-www-form-urlencoded")
        draft = parse_qs(read_body(request), keep_blank_values=True).get("body", [""])[0]
        try:
            message = messages.add(message_text(draft), server, request_id(request))
            return see_other(f"/?written={message['id']}")
        except HttpError as error:
            return render(error.status, ("bad", error.message), draft)

    return [("GET", "/", page), ("POST", "/messages", post)]


def tint(server):
    """The same server always has the same colour, and neighbours such as web1 and web2 differ."""
    return f"tint-{sum(map(ord, server)) % TINTS}"


def shown_time(iso):
    """`2026-05-04 12:00:00 UTC`, from ISO 8601."""
    return f"{iso[:10]} {iso[11:19]} UTC"
