#!/bin/bash
# A database as it is commonly started: an empty data directory is initialised first, accounts are made by a temporary server.
set -eu
data=/var/lib/mysql/bench
options=(--no-defaults --datadir="$data" --socket=/run/mysqld.sock --pid-file=/run/mysqld.pid --mysqlx=OFF --log-bin=binlog
  --gtid-mode=ON --enforce-gtid-consistency=ON --innodb-buffer-pool-size=32M --performance-schema=OFF --secure-file-priv=NULL)
if [ "$1" = primary ]; then options+=(--server-id=1); else options+=(--server-id=2); fi
if [ ! -d "$data/mysql" ]; then
  mysqld "${options[@]}" --initialize-insecure
  mysqld "${options[@]}" --skip-networking &
  until mysql --no-defaults --socket=/run/mysqld.sock -uroot -e 'DO 0' 2>/dev/null; do sleep 0.2; done
  if [ "$1" = primary ]; then
    mysql --no-defaults --socket=/run/mysqld.sock -uroot -e "CREATE USER app@'%' IDENTIFIED BY 'bench'; CREATE USER replicator@'%' IDENTIFIED BY 'bench'; GRANT REPLICATION SLAVE ON *.* TO replicator@'%'"
  else
    mysql --no-defaults --socket=/run/mysqld.sock -uroot -e "CHANGE REPLICATION SOURCE TO SOURCE_HOST='db-primary', SOURCE_USER='replicator', SOURCE_PASSWORD='bench', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1"
  fi
  mysqladmin --no-defaults --socket=/run/mysqld.sock -uroot shutdown
  wait
fi
exec mysqld "${options[@]}"
