#!/bin/bash
ufw default deny incoming
ufw allow 80,443/tcp
ufw --force enable
