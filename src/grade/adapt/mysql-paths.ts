import type { Adaptation } from '../submission.ts';
import { type Change, shown } from './lines.ts';
import { changeOptions, type Option } from './mysql-lines.ts';

const data = '/var/lib/mysql';

/** Files that the server writes: they keep their base name and come to lie in the data folder. */
const writes = new Set(
  `log_bin log_bin_index relay_log relay_log_index general_log_file slow_query_log_file log_slow_query_log_file`.split(
    ' ',
  ),
);

/** Things of the machine that have one place in this image. A path that is here as well stays. */
const places: Readonly<Record<string, { place: string; here: RegExp }>> = {
  datadir: { place: data, here: /^\/var\/lib\/mysql\/?$/ },
  socket: { place: '/run/mysqld/mysqld.sock', here: /^(\/var)?\/run\/mysqld\/mysqld\.sock$/ },
  pid_file: { place: '/run/mysqld/mysqld.pid', here: /^((\/var)?\/run\/mysqld|\/var\/lib\/mysql)\/[^/]+$|^[^/]+$/ },
  tmpdir: { place: '/tmp', here: /^(\/tmp|\/var\/lib\/mysql)(\/|$)/ },
  slave_load_tmpdir: { place: '/tmp', here: /^(\/tmp|\/var\/lib\/mysql)(\/|$)/ },
  replica_load_tmpdir: { place: '/tmp', here: /^(\/tmp|\/var\/lib\/mysql)(\/|$)/ },
  secure_file_priv: { place: 'NULL', here: /^NULL$/ },
  basedir: { place: '/usr', here: /^\/usr\/?$/ },
  lc_messages_dir: { place: '/usr/share/mysql', here: /^\/usr\/share\/mysql\/?$/ },
  plugin_dir: { place: '/usr/lib/mysql/plugin', here: /^\/usr\/lib\/mysql\/plugin\/?$/ },
};

/** Left out where they point to another place than this image's. */
const leftOut: Readonly<Record<string, { here: RegExp; why: string }>> = {
  log_error: { here: /^(stderr|[^/]+|\/var\/lib\/mysql\/[^/]+)$/, why: 'errors go to the container’s log' },
  ssl_ca: certificate(),
  ssl_capath: certificate(),
  ssl_cert: certificate(),
  ssl_key: certificate(),
  ssl_crl: certificate(),
  ssl_crlpath: certificate(),
  init_file: { here: /^$/, why: 'the file is of another machine' },
  innodb_data_home_dir: folder(),
  innodb_log_group_home_dir: folder(),
  innodb_undo_directory: folder(),
  innodb_tmpdir: folder(),
  innodb_temp_tablespaces_dir: folder(),
};

function certificate(): { here: RegExp; why: string } {
  return { here: /^(\/run\/secrets\/.*|\/etc\/ssl\/lab\/.*|[^/]+|)$/, why: 'the lab’s own certificates serve' };
}
function folder(): { here: RegExp; why: string } {
  return { here: /^(\.\/?|[^/]+|\/var\/lib\/mysql\/?|\/tmp\/?|)$/, why: 'there is no such folder here' };
}

/** Paths of Ubuntu and its like become those of the lab's database, which has one writable folder and a read-only root. */
export const mysqlPaths: Adaptation = (text) =>
  changeOptions(text, {
    option: (option) => ofPath(option),
    include: (kind, path) =>
      /^\/etc\/lab\//.test(path)
        ? undefined
        : { text: '', note: `!${kind} ${shown(path)}: left out, it is of another machine` },
  });

function ofPath(option: Option): Change | undefined {
  const { name, value } = option;
  if (value === undefined || value === '') return undefined;
  if (writes.has(name)) return ofFile(option, value);
  const place = Object.hasOwn(places, name) ? places[name] : undefined;
  if (place !== undefined && !place.here.test(value)) {
    return { text: option.with(place.place), note: `${name} ${shown(value)}: ${place.place}, its place in this image` };
  }
  const out = Object.hasOwn(leftOut, name) ? leftOut[name] : undefined;
  if (out !== undefined && !out.here.test(value))
    return { text: '', note: `${name} ${shown(value)}: left out, ${out.why}` };
  return undefined;
}

function ofFile(option: Option, value: string): Change | undefined {
  const base = value.slice(value.lastIndexOf('/') + 1);
  if (!value.includes('/') || base === '' || base === '..' || value === `${data}/${base}`) return undefined;
  if (value.startsWith(`./`) && !value.slice(2).includes('/')) return undefined;
  return {
    text: option.with(`${data}/${base}`),
    note: `${option.name} ${shown(value)}: ${data}/${base}, the data folder`,
  };
}
