-- The database that is replicated, and the account that a replica comes with.
CREATE DATABASE IF NOT EXISTS `tyrell_corp`;
CREATE USER IF NOT EXISTS replicator@'%' IDENTIFIED BY '<secret mysql-replicator>' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO replicator@'%';
