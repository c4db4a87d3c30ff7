// DB_VERSION chooses which MySQL the decoy is: its greeting, what it has and lacks, and what its grammar knows.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';

const VERSIONS = [
  { name: '8.4', version: '8.4.13', number: 80_413 },
  { name: '9.7', version: '9.7.4', number: 90_704 },
] as const;

describe.each(VERSIONS)('MySQL $name', ({ name, version, number }) => {
  const newer = name === '9.7';
  let decoy: Program;
  let port: number;
  let client: Connection;

  beforeAll(async () => {
    port = await freePort();
    decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', DB_VERSION: name } });
    client = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root', database: 'mysql' });
  });

  afterAll(async () => {
    await client.end();
    await decoy.stop();
  });

  const rows = async (sql: string) => (await client.query<RowDataPacket[]>({ sql, rowsAsArray: true }))[0];
  const errorOf = async (sql: string) =>
    client.query(sql).then(
      () => 0,
      (error: { errno: number }) => error.errno,
    );

  test('says its version in the greeting, to version() and in variables', async () => {
    const socket = connect(port, '127.0.0.1');
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(greeting.subarray(5, 5 + version.length + 1).toString()).toBe(`${version}\0`);
    expect(await rows('select version(), @@version, @@innodb_version, @@version_comment')).toEqual([
      [version, version, version, 'MySQL Community Server - GPL'],
    ]);
  });

  test('reads conditional comments by its number', async () => {
    expect(await rows(`select 1 /*!${number} + 1 */ /*!${number + 1} + 1 */`)).toEqual([[2]]);
  });

  test.each([
    ['activate_mandatory_roles', newer],
    ['enable_cascade_triggers', newer],
    ['server_memory', newer],
    ['mysql_native_password_proxy_users', !newer],
    ['caching_sha2_password_auto_generate_rsa_keys', true],
  ])('variable %s: %s', async (variable, has) => {
    expect(await errorOf(`select @@global.${variable}`)).toBe(has ? 0 : 1193);
    expect((await rows(`show variables like '${variable}'`)).length).toBe(has ? 1 : 0);
    expect(
      await rows(`select count(*) from performance_schema.global_variables where variable_name='${variable}'`),
    ).toEqual([[has ? 1 : 0]]);
  });

  test('has the defaults of its series', async () => {
    expect(await rows('select @@gtid_mode, @@explain_json_format_version, @@gtid_executed = ""')).toEqual([
      newer ? ['ON', 2, 0] : ['OFF', 1, 1],
    ]);
  });

  test('knows the status names, tables, functions and types of its series, no others', async () => {
    expect((await rows("show global status like 'Com_create_library'")).length).toBe(newer ? 1 : 0);
    expect(await errorOf('select count(*) from information_schema.libraries')).toBe(newer ? 0 : 1109);
    expect(await errorOf("select string_to_vector('[1,2]')")).toBe(newer ? 0 : 1305);
    expect(await errorOf("select md5('a')")).toBe(newer ? 1305 : 0);
    await client.query('create database versions');
    expect(await errorOf('create table versions.t (v vector(3))')).toBe(newer ? 0 : 1064);
    await client.query('drop database versions');
  });

  test('lists mysql_native_password where it is built in, and never loads it', async () => {
    const found = await rows(
      "select plugin_status from information_schema.plugins where plugin_name='mysql_native_password'",
    );
    expect(found).toEqual(newer ? [] : [['DISABLED']]);
    expect(await errorOf("create user n identified with mysql_native_password by 'x'")).toBe(1524);
  });
});

test('digests of 8.4 are those of MD5 and SHA-1', async () => {
  const port = await freePort();
  const decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', DB_VERSION: '8.4' } });
  const client = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
  const [found] = await client.query<RowDataPacket[]>({
    sql: "select md5('abc'), sha('abc'), sha1(null)",
    rowsAsArray: true,
  });
  expect(found).toEqual([['900150983cd24fb0d6963f7d28e17f72', 'a9993e364706816aba3e25717850c26c9cd0d89d', null]]);
  await client.end();
  await decoy.stop();
});

test('any other version is one line and exit 2', () => {
  const run = spawnSync(process.execPath, ['dist/db.js'], {
    encoding: 'utf8',
    env: { ...process.env, DB_VERSION: '5.7' },
  });
  expect(run.stderr).toBe('db: DB_VERSION="5.7": must be one of 9.7, 8.4\n');
  expect(run.stdout).toBe('');
  expect(run.status).toBe(2);
});
