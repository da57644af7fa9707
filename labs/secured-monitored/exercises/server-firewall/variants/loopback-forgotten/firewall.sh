#!/bin/bash
for tables in iptables ip6tables; do
  $tables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  $tables -A INPUT -p tcp -m multiport --dports 22,80,443 -j ACCEPT
  $tables -P INPUT DROP
done
