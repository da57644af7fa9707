SELECT host, user_name, enabled_auto_position, enabled_ssl FROM mysql.slave_master_info;
