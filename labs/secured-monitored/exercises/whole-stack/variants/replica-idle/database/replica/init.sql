-- Whom the replica follows, over TLS, with the primary's certificate verified.
STOP REPLICA;
CHANGE REPLICATION SOURCE TO
  SOURCE_HOST = 'db-primary',
  SOURCE_USER = 'replicator',
  SOURCE_PASSWORD = '<secret mysql-replicator>',
  SOURCE_AUTO_POSITION = 1,
  SOURCE_SSL = 1,
  SOURCE_SSL_CA = '/ca',
  SOURCE_SSL_VERIFY_SERVER_CERT = 1,
  SOURCE_CONNECT_RETRY = 1,
  SOURCE_HEARTBEAT_PERIOD = 2,
  SOURCE_RETRY_COUNT = 0;
