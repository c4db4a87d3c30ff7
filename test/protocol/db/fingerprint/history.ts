// Fingerprints of what performance_schema and InnoDB tell of statements that were run.
import { state } from './asking.ts';
import type { Fingerprint } from './check.ts';

/** By how much the one number a query tells grows while statements are run for the second time. */
function grows(name: string, sql: string, ...run: readonly string[]): Fingerprint {
  return state(name, async (ask) => {
    const runAll = async () => {
      for (const statement of run) await ask(statement);
    };
    await runAll();
    const before = Number((await ask(sql))[0]?.[0]);
    await runAll();
    return Number((await ask(sql))[0]?.[0]) - before;
  });
}

export const HISTORY: readonly Fingerprint[] = [
  grows(
    'digests of statements are counted',
    "select count_star from performance_schema.events_statements_summary_by_digest where digest_text='SELECT ? , ?' and schema_name is null",
    'select 1, 2',
    "select 'a', 'b'",
  ),
  grows(
    'a histogram of statements moves',
    'select sum(count_bucket) from performance_schema.events_statements_histogram_global',
    'select 1',
    'select 2',
  ),
  state('statement history', async (ask) => {
    await ask("select 'h1'");
    await ask('selec');
    return ask(
      'select event_name, sql_text, mysql_errno, returned_sqlstate, rows_sent, rows_examined, errors, no_index_used from performance_schema.events_statements_history where thread_id=ps_current_thread_id() order by event_id desc limit 2',
    );
  }),
  grows(
    'error summary',
    'select sum_error_raised from performance_schema.events_errors_summary_global_by_error where error_number=1064',
    'selec',
  ),
  state('accounts and hosts of performance_schema', async (ask) => [
    await ask(
      "select user, host, current_connections > 0, total_connections >= current_connections from performance_schema.accounts where user='root'",
    ),
    await ask("select host, current_connections > 0 from performance_schema.hosts where host='127.0.0.1'"),
    await ask("select user, current_connections > 0 from performance_schema.users where user='root'"),
  ]),
  state('SHOW ENGINE INNODB STATUS: headings', async (ask) =>
    (await ask('show engine innodb status'))[0]?.[2]
      ?.split('\n')
      .filter((line) => /^[A-Z][A-Z /,-]+$/.test(line.trim()) && line.length > 3),
  ),
  state('SHOW ENGINE INNODB STATUS: lines', async (ask) =>
    (await ask('show engine innodb status'))[0]?.[2]
      ?.split('\n')
      .filter(
        (line) =>
          !/^(---TRANSACTION|LOCK|mysql tables|\d+ lock|MySQL thread|RW-|OS WAIT|Mutex|Pages|show)/.test(line) &&
          !/ACTIVE|not started/.test(line),
      )
      .map((line) => line.replace(/0x[0-9a-f]+|[0-9]+(\.[0-9]+)?/g, 'N'))
      .join('\n')
      .slice(0, 4000),
  ),
];
