import json
import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DatabaseConfig:
    name: str
    user: str
    password: str
    tls: ssl.SSLContext
    # By role: host and port.
    places: dict


def load_config(path):
    """Reads the application's configuration, and the password and certificates that it names."""
    database = json.loads(Path(path).read_text())["database"]
    return DatabaseConfig(
        name=database["name"],
        user=database["user"],
        password=Path(database["passwordFile"]).read_text().rstrip(),
        tls=tls_context(database),
        places={role: (database[role]["host"], database[role]["port"]) for role in ("primary", "replica")},
    )


def tls_context(database):
    """A server's certificate must be signed by the lab's authority, for the host's name; ours is shown where it is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    authority = Path(database["caFile"]).read_text()
    # Without one, no server is believed: there is nothing to load, and every handshake fails.
    if authority.strip():
        context.load_verify_locations(cadata=authority)
    if "certificateFile" in database:
        context.load_cert_chain(database["certificateFile"], database["keyFile"])
    return context
