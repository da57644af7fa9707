"""The application of a server: what Gunicorn runs."""

from .application import create_application

site = create_application("/etc/lab/app.json")
