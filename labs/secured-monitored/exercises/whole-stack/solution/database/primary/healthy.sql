SELECT COUNT(*) = 3 FROM mysql.user WHERE user IN ('app', 'replicator', 'exporter');
