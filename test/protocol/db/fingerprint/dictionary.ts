// Fingerprints of the data dictionary: what is told of tables, their files and statistics, and of what the sys schema holds.
import { inOwn, own, says, state } from './asking.ts';
import type { Fingerprint } from './check.ts';

export const DICTIONARY: readonly Fingerprint[] = [
  state('table: what SHOW and information_schema tell agrees', async (ask) => {
    await inOwn(ask);
    const [status = []] = await ask("show table status like 't'");
    const [schema = []] = await ask(
      `select table_name, engine, version, row_format, table_rows, avg_row_length, data_length, max_data_length, index_length, data_free, auto_increment, create_time, update_time, check_time, table_collation, checksum, create_options, table_comment from information_schema.tables where table_schema='${own}'`,
    );
    const [inno = []] = await ask(
      `select name, n_cols, row_format, zip_page_size, space_type, instant_cols, total_row_versions from information_schema.innodb_tables where name='${own}/t'`,
    );
    const [space = []] = await ask(
      `select name, flag, row_format, page_size, zip_page_size, space_type, fs_block_size, file_size, allocated_size, autoextend_size, server_version, space_version, encryption, state from information_schema.innodb_tablespaces where name='${own}/t'`,
    );
    const [file = []] = await ask(
      `select file_name, file_type, engine, extent_size, initial_size, maximum_size, status, free_extents, total_extents from information_schema.files where tablespace_name='${own}/t'`,
    );
    return {
      same: status.slice(0, 11).join() === schema.slice(0, 11).join(),
      status: status.filter((_, at) => ![11, 12].includes(at)),
      inno,
      space: space.map((cell) => cell.replace('9.7.4-2', '9.7.4')),
      file,
    };
  }),
  state('times of a table are now', async (ask) => {
    await inOwn(ask);
    return ask(
      `select timestampdiff(second, create_time, now()) between 0 and 5, update_time is null or timestampdiff(second, update_time, now()) between 0 and 5 from information_schema.tables where table_schema='${own}'`,
    );
  }),
  state('statistics of a table', async (ask) => {
    await inOwn(ask);
    await ask('analyze table t');
    return [
      await ask(
        `select index_name, stat_name, stat_value, sample_size, stat_description from mysql.innodb_index_stats where database_name='${own}' order by 1,2`,
      ),
      await ask(
        `select n_rows, clustered_index_size, sum_of_other_index_sizes from mysql.innodb_table_stats where database_name='${own}'`,
      ),
      await ask('show index from t'),
    ];
  }),
  says(
    "select database_name, table_name, n_rows from mysql.innodb_table_stats where database_name in ('mysql', 'sys') order by 1, 2",
  ),
  says(
    "select database_name, table_name, index_name, stat_name, stat_value from mysql.innodb_index_stats where database_name in ('mysql', 'sys') order by 1, 2, 3, 4",
  ),
  says('select user, host, priv from mysql.global_grants limit 5'),
  says("select count(*) from information_schema.tables where table_schema='sys'"),
  says(
    "select table_name, is_updatable, definer, security_type, length(view_definition) from information_schema.views where table_schema='sys' order by 1",
  ),
  says('show create view sys.version'),
  says('show create table sys.session'),
  says('show create view sys.host_summary'),
  says("select routine_type, count(*) from information_schema.routines where routine_schema='sys' group by 1"),
  says('show create function sys.format_bytes'),
  says('show create procedure sys.ps_setup_save'),
  says('show triggers from sys'),
];
