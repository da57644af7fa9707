-- Applied once the server runs, and again when it changes. Each account has the rights of its use, from where it is used.
CREATE DATABASE IF NOT EXISTS foobar CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS foobar.messages (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  body VARCHAR(280) NOT NULL,
  server VARCHAR(15) NOT NULL,
  created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  request VARCHAR(64) CHARACTER SET ascii UNIQUE
);

CREATE USER IF NOT EXISTS app@'10.77.0.96/27';
ALTER USER app@'10.77.0.96/27' IDENTIFIED BY '<secret mysql-app>' REQUIRE SSL;
GRANT SELECT, INSERT, UPDATE, DELETE ON foobar.* TO app@'10.77.0.96/27';

CREATE USER IF NOT EXISTS replicator@'10.77.0.128/27';
ALTER USER replicator@'10.77.0.128/27' IDENTIFIED BY '<secret mysql-replicator>' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO replicator@'10.77.0.128/27';

CREATE USER IF NOT EXISTS exporter@localhost;
ALTER USER exporter@localhost IDENTIFIED BY '<secret mysql-exporter>' WITH MAX_USER_CONNECTIONS 5;
GRANT REPLICATION CLIENT ON *.* TO exporter@localhost;
