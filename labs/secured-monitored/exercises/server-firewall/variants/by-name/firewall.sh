#!/bin/bash
ufw --force reset
ufw default reject incoming
ufw limit OpenSSH
ufw allow http
ufw allow "WWW Secure"
ufw enable
