// Fingerprints of how a server is set up: clocks, paths, plugins, variables that are not at their defaults, TLS, replication.
import { says, state } from './asking.ts';
import type { Fingerprint } from './check.ts';

export const SETTINGS: readonly Fingerprint[] = [
  state('Uptime moves', async (ask) => {
    const [[, first]] = (await ask("show status like 'Uptime'")) as [string[]];
    await ask('select sleep(1.1)');
    const [[, second]] = (await ask("show status like 'Uptime'")) as [string[]];
    return Number(second) > Number(first);
  }),
  state('paths agree', async (ask) => {
    const [row = []] = await ask(
      'select @@datadir, @@log_bin_basename, @@log_bin_index, @@general_log_file, @@slow_query_log_file, @@relay_log_basename, @@hostname, @@tmpdir, @@innodb_data_home_dir, @@innodb_temp_data_file_path, @@secure_file_priv, @@log_error, @@basedir, @@plugin_dir',
    );
    const [data = '', ...rest] = row;
    return rest
      .map((text) => text.replace(data, 'DATA/').replaceAll(row[6]!, 'HOST'))
      .filter((_, at) => ![10, 11, 12].includes(at));
  }),
  says(
    "select variable_name, variable_source from performance_schema.variables_info where variable_source not in ('COMPILED') and variable_name not in ('datadir','socket','pid_file','mysqlx_socket','mysqlx') order by 1",
  ),
  says('select * from performance_schema.persisted_variables'),
  says('select name, enabled from performance_schema.setup_consumers order by 1'),
  says("select convert_tz('2024-06-01 12:00:00','UTC','Europe/Berlin')"),
  says('select @@system_time_zone, @@time_zone'),
  says('select count(*) from mysql.time_zone_name'),
  says('select timestampdiff(minute, utc_timestamp(), now())'),
  says('select timestampdiff(second, now(), sysdate())'),
  says('select * from performance_schema.keyring_keys'),
  says('select * from mysql.component'),
  says('select plugin_name, plugin_status, plugin_version from information_schema.plugins order by 1'),
  says(
    'select subsystem, error_code, prio from performance_schema.error_log where error_code in ("MY-010931","MY-011068","MY-010068","MY-013602","MY-011025") group by 1,2,3 order by 2',
  ),
  says('select count(*) > 3 from performance_schema.error_log'),
  says(
    'select channel_name, property, value from performance_schema.tls_channel_status where property in ("Enabled","Current_tls_ca","Current_tls_cert","Current_tls_key","Current_tls_version") order by 1,2',
  ),
  says('show replica status'),
  says('show replicas'),
  says('show slave status'),
  says('show master status'),
  says('show open tables from mysql where in_use > 0'),
  says('show status like "Rpl%"'),
  says('select * from performance_schema.log_status where 0'),
  says(
    'select @@ssl_ca, @@ssl_cert, @@ssl_key, @@ssl_cipher, @@tls_version, @@tls_ciphersuites, @@ssl_session_cache_mode, @@auto_generate_certs',
  ),
  says("show status like 'Ssl_server_not%'"),
  says(
    "show global status where variable_name in ('Ssl_ctx_verify_depth','Ssl_ctx_verify_mode','Ssl_verify_mode','Ssl_default_timeout','Ssl_session_cache_mode','Ssl_session_cache_size','Tls_library_version','Tls_sni_server_name','Current_tls_ca')",
  ),
  says("show status like 'Caching_sha2%key' /* x */ ".replace('Caching_sha2%key', 'Mysqlx_ssl_active')),
  state('the public key in SHOW STATUS', async (ask) =>
    (await ask("show status like 'Caching_sha2_password_rsa_public_key'")).map(([, text = '']) => [
      text.length,
      text.split('\n').length,
      text.slice(0, 27),
    ]),
  ),
  says("show global status like 'Max_used_connections_time_'"),
  state('max_used_connections', async (ask) => {
    const status = new Map(
      (
        await ask(
          "show global status where variable_name in ('Max_used_connections','Threads_connected','Threads_running','Threads_cached')",
        )
      ).map(([key = '', value = '']) => [key, Number(value)]),
    );
    return {
      most: (status.get('Max_used_connections') ?? 0) >= (status.get('Threads_connected') ?? 0),
      running: status.get('Threads_running'),
    };
  }),
];
