-- The databases that the accounts are for, and one that they are not for.
CREATE DATABASE IF NOT EXISTS `shop` CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS `shop`.orders (id INT AUTO_INCREMENT PRIMARY KEY, item VARCHAR(80) NOT NULL, paid BOOLEAN NOT NULL DEFAULT FALSE);
CREATE TABLE IF NOT EXISTS `shop`.customers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80) NOT NULL);
CREATE OR REPLACE SQL SECURITY INVOKER VIEW `shop`.paid_orders AS SELECT id, item FROM `shop`.orders WHERE paid;
INSERT INTO `shop`.orders (item, paid) VALUES ('a lamp', TRUE), ('two chairs', FALSE);
INSERT INTO `shop`.customers (name) VALUES ('Ada'), ('Grace');
CREATE DATABASE IF NOT EXISTS ledger;
CREATE TABLE IF NOT EXISTS ledger.entries (id INT AUTO_INCREMENT PRIMARY KEY, amount DECIMAL(10, 2) NOT NULL);
