DROP USER IF EXISTS app@'10.77.0.96/255.255.255.224';
DROP USER IF EXISTS replicator@'10.77.0.128/255.255.255.224';
DROP USER IF EXISTS report@'10.77.0.128/255.255.255.224';
DROP USER IF EXISTS backup@localhost;
-- One account per use.
CREATE USER app@'10.77.0.96/255.255.255.224' IDENTIFIED BY '<secret mysql-app>' REQUIRE SSL;
GRANT SELECT, INSERT, UPDATE, DELETE ON `shop`.* TO app@'10.77.0.96/255.255.255.224';

-- The replica fetches the binary log.
CREATE USER replicator@'10.77.0.128/255.255.255.224' IDENTIFIED BY '<secret mysql-replicator>' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO replicator@'10.77.0.128/255.255.255.224';

-- Reports read the orders, and nothing about people.
CREATE USER report@'10.77.0.128/255.255.255.224' IDENTIFIED BY '<secret mysql-report>' REQUIRE SSL;
GRANT SELECT ON `shop`.orders TO report@'10.77.0.128/255.255.255.224';

-- Backups are made on the server's own machine.
CREATE USER backup@localhost IDENTIFIED BY '<secret mysql-backup>';
GRANT SELECT, LOCK TABLES, SHOW VIEW ON `shop`.* TO backup@localhost;
