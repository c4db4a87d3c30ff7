// Real clients at the built decoy: mysql2 in its ways of asking, and the MariaDB programs.
import { spawnSync } from 'node:child_process';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';

let decoy: Program;
let port: number;

beforeAll(async () => {
  port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
});

afterAll(async () => {
  await decoy.stop();
});

test.each([
  ['plain', {}],
  ['TLS', { ssl: { rejectUnauthorized: false } }],
  ['compressed', { compress: true }],
])('mysql2 stores and reads rows, %s', async (_name, options) => {
  const client = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root', ...options });
  await client.query('create database if not exists shop');
  await client.changeUser({ database: 'shop' });
  await client.query(
    'create table t (id int auto_increment primary key, v varchar(20), j json, b blob, f double, d datetime)',
  );
  const values = ['hello', JSON.stringify({ a: [1, 2] }), Buffer.from([0, 1, 255]), 1.5, new Date(0)];
  const [inserted] = await client.execute('insert into t (v, j, b, f, d) values (?, ?, ?, ?, ?)', values);
  expect(inserted).toMatchObject({ affectedRows: 1, insertId: 1 });
  const wanted = [{ id: 1, v: 'hello', j: { a: [1, 2] }, b: Buffer.from([0, 1, 255]), f: 1.5, d: new Date(0) }];
  expect((await client.execute('select * from t where id = ?', [1]))[0]).toEqual(wanted);
  expect((await client.query('select * from t'))[0]).toEqual(wanted);
  await client.beginTransaction();
  await client.execute('update t set v = ? where id = ?', ['gone', 1]);
  await client.rollback();
  expect((await client.query('select v from t'))[0]).toEqual([{ v: 'hello' }]);
  await expect(client.query('select nope')).rejects.toMatchObject({ errno: 1054, sqlState: '42S22' });
  await client.query('drop database shop');
  await client.end();
});

test('LIMIT takes whole numbers of a prepared statement, NULL as none, and nothing else', async () => {
  const client = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
  await client.query('create database counted');
  await client.query('create table counted.t (id int primary key)');
  await client.query('insert into counted.t values (1), (2), (3)');
  const limited = 'select id from counted.t limit ?';
  expect((await client.execute(limited, [1]))[0]).toEqual([{ id: 1 }]);
  expect((await client.execute(limited, [null]))[0]).toEqual([]);
  for (const count of [1.5, -1])
    await expect(client.execute(limited, [count])).rejects.toMatchObject({
      errno: 1210,
      message: 'Incorrect arguments to mysqld_stmt_execute',
    });
  await client.query("prepare d from 'delete from counted.t limit ?'");
  await client.query('set @none = null, @less = -1');
  expect((await client.query('execute d using @none'))[0]).toMatchObject({ affectedRows: 0 });
  await expect(client.query('execute d using @less')).rejects.toMatchObject({ errno: 1690 });
  await client.query('drop database counted');
  await client.end();
});

test('mariadb asks and leaves', (context) => {
  const run = spawnSync(
    'mariadb',
    ['--no-defaults', '-h127.0.0.1', `-P${port}`, '-uroot', '-e', 'show databases; select version()'],
    { encoding: 'utf8', timeout: 20_000 },
  );
  if (run.error) return context.skip('needs the mariadb client');
  expect(run.stdout).toBe('Database\ninformation_schema\nmysql\nperformance_schema\nsys\nversion()\n9.7.4\n');
  expect(run.status).toBe(0);
});

test('mariadb-dump reads what a client stored', (context) => {
  const common = ['--no-defaults', '-h127.0.0.1', `-P${port}`, '-uroot'];
  const stored = spawnSync(
    'mariadb',
    [
      ...common,
      '-e',
      "create database d; create table d.t (a int primary key, b text); insert into d.t values (1,'one'),(2,null)",
    ],
    { encoding: 'utf8', timeout: 20_000 },
  );
  if (stored.error) return context.skip('needs the mariadb client');
  const dump = spawnSync('mariadb-dump', [...common, '--databases', 'd'], { encoding: 'utf8', timeout: 20_000 });
  if (dump.error) return context.skip('needs mariadb-dump');
  expect(dump.stderr).toBe('');
  expect(dump.stdout).toContain("INSERT INTO `t` VALUES\n(1,'one'),\n(2,NULL);");
  expect(dump.stdout).toContain('CREATE DATABASE /*!32312 IF NOT EXISTS*/ `d`');
});
