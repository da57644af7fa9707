#!/bin/sh
set -e
for tables in iptables ip6tables; do
  $tables -F
  $tables -N services
  $tables -A services -p tcp --dport 22 -j ACCEPT
  $tables -A services -p tcp --dport 80 -j ACCEPT
  $tables -A services -p tcp --dport 443 -j ACCEPT
  $tables -A INPUT -i lo -j ACCEPT
  $tables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  $tables -A INPUT -m conntrack --ctstate INVALID -j DROP
  $tables -A INPUT -j services
  $tables -P INPUT DROP
  $tables -P FORWARD DROP
done
ip6tables -I INPUT -p ipv6-icmp -j ACCEPT
