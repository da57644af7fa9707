import type { Adaptation } from '../submission.ts';
import { type Change, shown } from './lines.ts';
import { changeOptions, type Option } from './mysql-lines.ts';

/**
 * Options that MySQL 8.0 knew and 9.7 refuses, seen by starting 9.7 with each. What 8.0 refused already is a mistake and stays.
 */
const gone = new Set(
  `master_info_repository relay_log_info_repository master_info_file relay_log_info_file transaction_write_set_extraction
  slave_rows_search_algorithms log_bin_use_v1_row_events binlog_transaction_dependency_tracking avoid_temporal_upgrade
  show_old_temporals old new ssl skip_ssl admin_ssl language character_set_client_handshake skip_character_set_client_handshake
  myisam_repair_threads innodb_undo_tablespaces innodb_log_file_size innodb_log_files_in_group slave_parallel_type
  replica_parallel_type mysql_native_password default_authentication_plugin keyring_file_data abort_slave_event_count disconnect_slave_event_count
  mysql_native_password_proxy_users`.split(/\s+/),
);

const renamed: Readonly<Record<string, string>> = {
  group_replication_ip_whitelist: 'group_replication_ip_allowlist',
  rpl_semi_sync_master_enabled: 'rpl_semi_sync_source_enabled',
  rpl_semi_sync_master_timeout: 'rpl_semi_sync_source_timeout',
  rpl_semi_sync_master_trace_level: 'rpl_semi_sync_source_trace_level',
  rpl_semi_sync_master_wait_for_slave_count: 'rpl_semi_sync_source_wait_for_replica_count',
  rpl_semi_sync_master_wait_no_slave: 'rpl_semi_sync_source_wait_no_replica',
  rpl_semi_sync_master_wait_point: 'rpl_semi_sync_source_wait_point',
  rpl_semi_sync_slave_enabled: 'rpl_semi_sync_replica_enabled',
  rpl_semi_sync_slave_trace_level: 'rpl_semi_sync_replica_trace_level',
};

const characterSets = new Set(['character_set_server', 'collation_server', 'character_set_filesystem']);
const plugins = new Set(['plugin_load', 'plugin_load_add', 'early_plugin_load']);

/** Options that were right for MySQL 8.0, in the words of 9.7. */
export const mysqlNewer: Adaptation = (text) => changeOptions(text, { option: ofOption, include: () => undefined });

function ofOption(option: Option): Change | undefined {
  const { name, value } = option;
  if (gone.has(name)) return { text: '', note: `${name}: left out, MySQL no longer has it and 8.0 did` };
  if (name === 'expire_logs_days' && /^\d{1,5}$/.test(value ?? '')) {
    const seconds = Math.min(Number(value) * 86_400, 4_294_967_295);
    return {
      text: option.with(String(seconds), 'binlog_expire_logs_seconds'),
      note: `expire_logs_days ${value}: binlog_expire_logs_seconds ${seconds}, its name today`,
    };
  }
  if (name === 'skip_host_cache') {
    return { text: option.with('0', 'host_cache_size'), note: 'skip_host_cache: host_cache_size 0, its name today' };
  }
  if (value === undefined) return undefined;
  const now = Object.hasOwn(renamed, name) ? renamed[name]! : undefined;
  if (now !== undefined) return { text: option.with(value, now), note: `${name}: ${now}, its name today` };
  if (characterSets.has(name) && /^utf8(_[a-z0-9_]{1,60})?$/i.test(value)) {
    const full = `utf8mb3${value.slice(4)}`;
    return { text: option.with(full), note: `${name} ${shown(value)}: ${full}, its name today` };
  }
  if (plugins.has(name) && /semisync_(master|slave)\.so/.test(value)) return ofPlugins(option, value);
  return undefined;
}

function ofPlugins(option: Option, value: string): Change {
  const text = value
    .replaceAll('rpl_semi_sync_master=', 'rpl_semi_sync_source=')
    .replaceAll('rpl_semi_sync_slave=', 'rpl_semi_sync_replica=')
    .replaceAll('semisync_master.so', 'semisync_source.so')
    .replaceAll('semisync_slave.so', 'semisync_replica.so');
  return { text: option.with(text), note: `${option.name} ${shown(value)}: ${shown(text)}, its name today` };
}
