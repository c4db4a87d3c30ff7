// Who the server says it is: the official `mysql:9.7` container's version, paths and names. A second persona is a second value here.
// Source: the image's documentation and my.cnf as published, and @@variables recorded from 9.7.4.

import { NO_CHANGES, type PersonaChanges } from './persona-changes.ts';

export interface Persona {
  /** Version of the greeting and of version(). */
  readonly version: string;
  /** Version in certificates and innodb_version. */
  readonly baseVersion: string;
  /** Version as conditional comments compare it. */
  readonly number: number;
  /** Values of variables that differ from the recorded server's. */
  readonly variables: Readonly<Record<string, string>>;
  /** Directory a UDF library is looked for in. */
  readonly pluginDir: string;
  /** Where INTO OUTFILE may write. */
  readonly secureFilePriv: string;
  /** How it differs from the version whose data was recorded. */
  readonly changes: PersonaChanges;
}

export const MYSQL_97: Persona = {
  version: '9.7.4',
  baseVersion: '9.7.4',
  number: 90_704,
  pluginDir: '/usr/lib64/mysql/plugin/',
  secureFilePriv: '/var/lib/mysql-files/',
  changes: NO_CHANGES,
  variables: {
    version: '9.7.4',
    version_comment: 'MySQL Community Server - GPL',
    innodb_version: '9.7.4',
    plugin_dir: '/usr/lib64/mysql/plugin/',
    character_sets_dir: '/usr/share/mysql-9.7/charsets/',
    lc_messages_dir: '/usr/share/mysql-9.7/',
    basedir: '/usr/',
    datadir: '/var/lib/mysql/',
    bind_address: '*',
    socket: '/var/run/mysqld/mysqld.sock',
    pid_file: '/var/run/mysqld/mysqld.pid',
    secure_file_priv: '/var/lib/mysql-files/',
    host_cache_size: '0',
    skip_name_resolve: 'ON',
    log_error: 'stderr',
    general_log_file: '/var/lib/mysql/%h.log',
    slow_query_log_file: '/var/lib/mysql/%h-slow.log',
    relay_log: '%h-relay-bin',
    relay_log_basename: '/var/lib/mysql/%h-relay-bin',
    relay_log_index: '/var/lib/mysql/%h-relay-bin.index',
    log_bin_basename: '/var/lib/mysql/binlog',
    log_bin_index: '/var/lib/mysql/binlog.index',
    system_time_zone: 'UTC',
    version_compile_os: 'Linux',
    ssl_cert: 'server-cert.pem',
    ssl_key: 'server-key.pem',
    ssl_ca: 'ca.pem',
  },
};
