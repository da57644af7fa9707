#!/usr/bin/env bash
# Lets people reach SSH, HTTP and HTTPS on this server, and nothing else.
set -eu

ufw default deny incoming
ufw default allow outgoing
ufw allow 22/tcp comment SSH
ufw allow 80/tcp comment HTTP
ufw allow 443/tcp comment HTTPS

# Last, so that nobody is locked out meanwhile. --force does not ask whether SSH may be cut off.
ufw --force enable
