-- The application: reads and writes its own database, from the servers in front.
CREATE USER IF NOT EXISTS app@'10.77.0.96/27' IDENTIFIED BY '<secret mysql-app>' REQUIRE SSL;
GRANT SELECT, INSERT, UPDATE, DELETE ON *.* TO app@'10.77.0.96/27';

-- The replica fetches the binary log.
CREATE USER IF NOT EXISTS replicator@'10.77.0.128/27' IDENTIFIED BY '<secret mysql-replicator>' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO replicator@'10.77.0.128/27';

-- Reports read the orders, and nothing about people.
CREATE USER IF NOT EXISTS report@'10.77.0.128/27' IDENTIFIED BY '<secret mysql-report>' REQUIRE SSL;
GRANT SELECT ON `shop`.orders TO report@'10.77.0.128/27';

-- Backups are made on the server's own machine.
CREATE USER IF NOT EXISTS backup@localhost IDENTIFIED BY '<secret mysql-backup>';
GRANT SELECT, LOCK TABLES, SHOW VIEW ON `shop`.* TO backup@localhost;
