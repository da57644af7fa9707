SELECT COUNT(*) = 1 FROM performance_schema.replication_connection_status AS receiver
JOIN performance_schema.replication_applier_status AS applier USING (channel_name)
WHERE receiver.service_state = 'ON' AND applier.service_state = 'ON';
