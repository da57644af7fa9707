CREATE ROLE IF NOT EXISTS writing, reading;
GRANT SELECT, INSERT, UPDATE, DELETE ON `shop`.* TO writing;
GRANT SELECT ON `shop`.orders TO reading;

CREATE USER IF NOT EXISTS app@'10.77.0.96/27' IDENTIFIED BY '<secret mysql-app>' DEFAULT ROLE writing REQUIRE SSL;
CREATE USER IF NOT EXISTS report@'10.77.0.128/27' IDENTIFIED BY '<secret mysql-report>' DEFAULT ROLE reading REQUIRE SSL;
CREATE USER IF NOT EXISTS replicator@'10.77.0.128/27' IDENTIFIED BY '<secret mysql-replicator>' REQUIRE SSL;
CREATE USER IF NOT EXISTS backup@localhost IDENTIFIED BY '<secret mysql-backup>';
GRANT writing TO app@'10.77.0.96/27';
GRANT reading TO report@'10.77.0.128/27';
GRANT REPLICATION SLAVE ON *.* TO replicator@'10.77.0.128/27';
GRANT SELECT, LOCK TABLES, SHOW VIEW ON `shop`.* TO backup@localhost;
