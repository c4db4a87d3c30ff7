// Fingerprints of what is counted: by how much statements and connections move the counters of SHOW STATUS.
import { WireClient } from '../wire-client.ts';
import { moves, movesAll, own, state } from './asking.ts';
import type { Fingerprint } from './check.ts';

const refused = async (port: number) => {
  const client = await WireClient.login(port, { user: 'root', response: Buffer.alloc(5, 1) });
  await client.read();
  await client.ended();
};

export const COUNTERS: readonly Fingerprint[] = [
  moves(
    'SELECT 1',
    ['Questions', 'Com_select', 'Bytes_received', 'Bytes_sent', 'Handler_read_first', 'Created_tmp_tables'],
    'select 1',
  ),
  moves(
    'SHOW VARIABLES',
    ['Questions', 'Com_show_variables', 'Created_tmp_tables', 'Handler_read_rnd_next', 'Select_scan'],
    "show variables like 'port'",
  ),
  moves('an error', ['Questions', 'Com_select', 'Bytes_received', 'Bytes_sent'], 'selec'),
  moves(
    'a transaction',
    ['Questions', 'Com_begin', 'Com_commit', 'Handler_commit', 'Bytes_received', 'Bytes_sent'],
    'begin',
    'commit',
  ),
  moves('SET', ['Questions', 'Com_set_option', 'Bytes_received', 'Bytes_sent'], 'set @a=1'),
  moves(
    'a union sorted',
    ['Sort_rows', 'Sort_scan', 'Created_tmp_tables', 'Handler_write', 'Handler_read_rnd_next'],
    'select 1 union select 2 order by 1',
  ),
  moves(
    'mysql.user',
    [
      'Handler_read_first',
      'Handler_read_next',
      'Handler_read_rnd_next',
      'Handler_read_key',
      'Select_scan',
      'Handler_commit',
      'Handler_external_lock',
    ],
    'select * from mysql.user',
  ),
  moves(
    'prepared by name',
    ['Com_prepare_sql', 'Com_execute_sql', 'Com_dealloc_sql', 'Questions'],
    "prepare p from 'select 1'",
    'execute p',
    'deallocate prepare p',
  ),
  moves(
    'rows',
    [
      'Handler_write',
      'Handler_update',
      'Handler_delete',
      'Handler_commit',
      'Com_insert',
      'Com_update',
      'Com_delete',
      'Handler_read_key',
      'Handler_prepare',
    ],
    `create database if not exists ${own}`,
    `create table if not exists ${own}.r (id int primary key, a int)`,
    `insert into ${own}.r values (1, 1), (2, 2)`,
    `update ${own}.r set a=5 where id=1`,
    `delete from ${own}.r`,
  ),
  movesAll(
    'a refused login',
    ['Aborted_connects', 'Aborted_clients', 'Connections', 'Questions', 'Threads_connected', 'Access_denied_errors'],
    refused,
  ),
  movesAll(
    'a client that quits',
    ['Aborted_clients', 'Connections', 'Threads_connected', 'Threads_created', 'Com_select'],
    async (port) => {
      const client = await WireClient.session(port);
      await client.query('select 1');
      await client.quit();
    },
  ),
  movesAll('a client that is gone', ['Aborted_clients', 'Aborted_connects', 'Connections'], async (port) => {
    const client = await WireClient.session(port);
    client.socket.destroy();
  }),
  movesAll(
    'a client that leaves before its login',
    ['Aborted_clients', 'Aborted_connects', 'Connections'],
    async (port) => {
      const client = await WireClient.open(port);
      await client.read();
      client.socket.end();
      await client.ended();
    },
  ),
  movesAll(
    'junk',
    [
      'Aborted_clients',
      'Aborted_connects',
      'Connections',
      'Connection_errors_internal',
      'Connection_errors_peer_address',
    ],
    async (port) => {
      const client = await WireClient.open(port);
      await client.read();
      client.socket.write('GET / HTTP/1.0\r\n\r\n');
      await client.ended();
    },
  ),
  movesAll(
    'statements',
    ['Questions', 'Queries', 'Com_select', 'Bytes_received', 'Bytes_sent', 'Slow_queries'],
    async (_, ask) => {
      await ask('select 1');
      await ask('selec');
      await ask('do 1');
    },
  ),
  movesAll('a ping and statistics', ['Questions', 'Queries', 'Com_admin_commands'], async (port) => {
    const client = await WireClient.session(port);
    client.send(0, Buffer.from([14]));
    await client.read();
    client.send(0, Buffer.from([9]));
    await client.read();
    await client.quit();
  }),
  state('COM_STATISTICS agrees with SHOW STATUS', async (ask, port) => {
    await ask('select 1');
    const client = await WireClient.session(port);
    client.send(0, Buffer.from([9]));
    const text = (await client.read()).body.toString();
    const status = new Map((await ask('show global status')).map(([key = '', value = '']) => [key, value]));
    client.socket.destroy();
    const told = Object.fromEntries(
      [...text.matchAll(/([A-Z][a-z ]+): ([\d.]+)/g)].map(([, key = '', value]) => [key.trim(), Number(value)]),
    );
    const agree = Object.entries({
      Uptime: 'Uptime',
      Threads: 'Threads_connected',
      Questions: 'Questions',
      'Slow queries': 'Slow_queries',
      Opens: 'Opened_tables',
      'Flush tables': 'Flush_commands',
      'Open tables': 'Open_tables',
    }).map(([label, name]) => Math.abs(Number(told[label]) - Number(status.get(name))) < 6);
    return { form: text.replace(/\d+/g, 'N'), agree };
  }),
];
