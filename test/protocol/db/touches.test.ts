// What each thing a client does to the db decoy leaves behind, read from the lines of the built program.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';
import { CAPABILITIES, loginBody, packet, parseGreeting } from './wire-login.ts';
import { parseError } from './wire-reply.ts';

/** CLIENT_SSL. */
const SSL = 0x800;

let decoy: Program;
let port: number;

beforeAll(async () => {
  port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
});

afterAll(async () => {
  await decoy.stop();
});

/** Sends bytes to the port and resolves once the server closed or `ms` went by. */
function sendRaw(bytes: Buffer | undefined, ms = 300): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => bytes && socket.write(bytes));
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => resolve());
    setTimeout(() => socket.destroy(), ms);
  });
}

describe('connections without a login', () => {
  test('a connection that says nothing is a touch', async () => {
    await sendRaw(undefined, 100);
    const line = await decoy.waitFor((found) => found.event.action === 'tcp-connect');
    expect(line.destination?.port).toBe(port);
    expect(line.honeypod.session).toBeTruthy();
  });

  test('HTTP at the MySQL port is a touch that says so', async () => {
    await sendRaw(Buffer.from('GET /admin HTTP/1.1\r\nHost: db\r\n\r\n'));
    const line = await decoy.waitFor((found) => found.event.reason === 'HTTP at the MySQL port');
    expect(line.event.action).toBe('mysql-malformed');
    expect(line.honeypod.payload).toContain('GET /admin HTTP/1.1');
  });

  test('a TLS hello at the MySQL port is a touch that says so', async () => {
    await sendRaw(Buffer.from('16030100f4010000f00303', 'hex'));
    await decoy.waitFor((found) => found.event.reason === 'TLS at the MySQL port');
  });

  test('a login packet that is none is answered 1043 and recorded', async () => {
    const client = await WireClient.open(port);
    await client.read();
    client.send(1, Buffer.from([0xff, 0xff, 0xff]));
    const reply = await client.read();
    expect(parseError(reply.body)).toMatchObject({ code: 1043, sqlstate: '08S01' });
    await decoy.waitFor((found) => found.event.reason === 'a login packet that is none');
  });
});

describe('logins', () => {
  test('root without a password is let in, with its client attributes', async () => {
    const client = await WireClient.session(port, { attributes: { _client_name: 'libtest', program_name: 'probe' } });
    client.socket.destroy();
    const line = await decoy.waitFor(
      (found) => found.event.action === 'mysql-login' && found.event.outcome === 'success',
    );
    expect(line.user?.name).toBe('root');
    expect(line.honeypod.credential).toMatchObject({ user: 'root', password: '' });
    expect(line.honeypod.mysql?.attributes).toMatchObject({ _client_name: 'libtest', program_name: 'probe' });
    expect(line.threat?.technique.id).toContain('T1078.001');
  });

  test('a wrong password is refused with 1045; unanswered, its scramble and salt are kept', async () => {
    const client = await WireClient.login(port, { user: 'root', password: 'guess' });
    expect((await client.read()).body).toEqual(Buffer.from([1, 4]));
    client.socket.destroy();
    const line = await decoy.waitFor((found) => found.honeypod.credential?.scramble !== undefined);
    expect(line.honeypod.credential?.salt).toBe(client.greeting.salt.toString('hex'));
    expect(line.event.outcome).toBe('failure');
  });

  test('a login over TLS tells how the client greets, its clear password, and when the connection ends', async () => {
    const raw = connect(port, '127.0.0.1');
    const [greeting] = (await once(raw, 'data')) as [Buffer];
    const { salt } = parseGreeting(greeting.subarray(4));
    const ssl = loginBody(salt, { capabilities: CAPABILITIES.default | SSL }).subarray(0, 32);
    raw.write(packet(1, ssl));
    const secured = connectTls({ socket: raw, rejectUnauthorized: false, servername: 'db.example' });
    await once(secured, 'secureConnect');
    const login = loginBody(salt, { user: 'tlsuser', password: 'guess', capabilities: CAPABILITIES.default | SSL });
    secured.write(packet(2, login));
    // Whichever plugin the user is bound to, the clear password is asked for next.
    const [asked] = (await once(secured, 'data')) as [Buffer];
    secured.write(packet((asked[3] as number) + 1, Buffer.from('guess\0')));
    const line = await decoy.waitFor((found) => found.user?.name === 'tlsuser');
    expect(line.tls).toMatchObject({ established: true, version: '1.3', cipher: 'TLS_AES_128_GCM_SHA256' });
    expect(line.tls?.client?.ja4).toMatch(/^t13d\d{4}00_[0-9a-f]{12}_[0-9a-f]{12}$/);
    expect(line.tls?.client?.server_name).toBe('db.example');
    expect(line.honeypod.credential?.password).toBe('guess');
    raw.destroy();
  });

  test('the end of a connection that was let in tells how long it lasted', async () => {
    const client = await WireClient.session(port);
    await client.quit();
    const line = await decoy.waitFor((found) => found.event.action === 'mysql-close');
    expect(line.user?.name).toBe('root');
    expect(line.event.duration).toBeGreaterThan(0);
  });

  test('an old client scramble is kept in the form hashcat takes', async () => {
    const client = await WireClient.login(port, {
      user: 'old',
      plugin: 'mysql_native_password',
      response: Buffer.alloc(20, 7),
    });
    await client.read();
    client.socket.destroy();
    const line = await decoy.waitFor((found) => found.honeypod.credential?.hashcat !== undefined);
    expect(line.honeypod.credential?.hashcat).toBe(
      `$mysqlna$${client.greeting.salt.toString('hex')}*${'07'.repeat(20)}`,
    );
  });

  test('the mariadb client reveals the clear password it tried', (context) => {
    const run = spawnSync(
      'mariadb',
      ['--no-defaults', '-h127.0.0.1', `-P${port}`, '-uroot', '-phunter2', '-e', 'select 1'],
      { encoding: 'utf8', timeout: 10_000 },
    );
    if (run.error) return context.skip('needs the mariadb client');
    expect(run.stderr).toContain("ERROR 1045 (28000): Access denied for user 'root'@'127.0.0.1' (using password: YES)");
    return decoy.waitFor((found) => found.honeypod.credential?.password === 'hunter2').then(() => undefined);
  });
});

describe('statements', () => {
  const intents: readonly (readonly [string, string, string])[] = [
    ['SHOW DATABASES', 'mysql-discovery', 'T1082'],
    ['select user, authentication_string from mysql.user', 'mysql-hash-dump', 'T1003'],
    ["SELECT 0x7F454C46 INTO DUMPFILE '/usr/lib64/mysql/plugin/x.so'", 'mysql-binary-drop', 'T1105'],
    ["CREATE FUNCTION sys_exec RETURNS int SONAME 'x.so'", 'mysql-udf-load', 'T1505.001'],
    ["select '<?php x ?>' into outfile '/var/www/html/a.php'", 'mysql-webshell', 'T1505.003'],
    ["INSERT INTO WARNING VALUES ('send 1 BTC')", 'mysql-ransom-note', 'T1486'],
    ["create/**/user 'eve'@'%' identified by 'x'", 'mysql-account-create', 'T1136'],
    ['DROP DATABASE IF EXISTS hr', 'mysql-destruction', 'T1485'],
    ["SELECT LOAD_FILE('/etc/passwd')", 'mysql-file-read', 'T1083'],
  ];

  test.each(intents)('%s is told as %s', async (sql, signature, technique) => {
    const client = await WireClient.session(port);
    await client.query(sql);
    client.socket.destroy();
    const line = await decoy.waitFor((found) => found.honeypod.signature === signature);
    expect(line.threat?.technique.id).toContain(technique);
    expect(line.honeypod.mysql?.command).toBe('COM_QUERY');
  });

  test('EXECUTE of a statement spelled in pieces is told as what it runs', async () => {
    const client = await WireClient.session(port);
    await client.query("set @head = 'select load_', @tail = 'file(''/x'')'");
    await client.query('set @whole = concat(@head, @tail)');
    await client.query('prepare pieces from @whole');
    await client.query('execute pieces');
    await client.query('select 3 as after_pieces');
    client.socket.destroy();
    const line = await decoy.waitFor((found) => found.honeypod.mysql?.statement === 'execute pieces');
    expect(line.honeypod.signature).toBe('mysql-file-read');
    const next = await decoy.waitFor((found) => found.honeypod.mysql?.statement === 'select 3 as after_pieces');
    expect(next.honeypod.signature).toBeUndefined();
  });

  test('a long statement keeps 8 KiB, its length and its sha256', async () => {
    const client = await WireClient.session(port);
    await client.query(`SELECT '${'x'.repeat(20_000)}'`);
    client.socket.destroy();
    const line = await decoy.waitFor((found) => (found.honeypod.mysql?.statement_bytes ?? 0) > 20_000);
    expect(line.honeypod.mysql?.statement_sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(line.honeypod.mysql?.statement_bytes).toBe(20_009);
  });

  test('touches of one connection carry one session', async () => {
    // From an address of its own: logins of one that has had many fold.
    const client = await WireClient.session(port, { user: 'root', from: '127.0.0.77' });
    await client.query("select 'tied together'");
    client.socket.destroy();
    const query = await decoy.waitFor((found) => found.honeypod.mysql?.statement === "select 'tied together'");
    const login = decoy
      .touches()
      .find((found) => found.event.action === 'mysql-login' && found.honeypod.session === query.honeypod.session);
    expect(login).toBeDefined();
  });
});

describe('the wire', () => {
  test('the greeting is that of MySQL 9.7: salt without 0 and $, ids that grow by one', async () => {
    const first = await WireClient.open(port);
    const second = await WireClient.open(port);
    const [a, b] = [parseGreeting((await first.read()).body), parseGreeting((await second.read()).body)];
    expect(a).toMatchObject({
      protocol: 10,
      version: '9.7.4',
      capabilities: 0xdfffffff,
      charset: 255,
      status: 2,
      authLength: 21,
      plugin: 'caching_sha2_password',
      rest: 0,
    });
    expect([...a.salt].every((byte) => byte > 0 && byte < 128 && byte !== 0x24)).toBe(true);
    expect(b.threadId - a.threadId).toBe(1);
    expect(a.salt.equals(b.salt)).toBe(false);
    first.socket.destroy();
    second.socket.destroy();
  });

  test('packets cut at every byte are answered', async () => {
    const client = await WireClient.session(port);
    for (const byte of packet(0, Buffer.from('\x03select 7'))) client.socket.write(Buffer.from([byte]));
    expect((await client.reply()).rows).toEqual([['7']]);
    client.socket.destroy();
  });

  test('a query glued to the login packet, and commands sent ahead, are answered in order', async () => {
    const client = await WireClient.open(port);
    client.capabilities = CAPABILITIES.default;
    const greeting = parseGreeting((await client.read()).body);
    const asked = [1, 2, 3].map((number) => packet(0, Buffer.from(`\x03select ${number}`)));
    client.socket.write(Buffer.concat([packet(1, loginBody(greeting.salt)), ...asked]));
    expect((await client.read()).body[0]).toBe(0);
    for (const number of [1, 2, 3]) expect((await client.reply()).rows).toEqual([[String(number)]]);
    client.socket.destroy();
  });

  test('a wrong sequence id is told 1156 and ends the connection', async () => {
    const client = await WireClient.session(port);
    client.send(5, Buffer.from('\x03select 1'));
    const reply = await client.read();
    expect(parseError(reply.body)).toMatchObject({ code: 1156, sqlstate: '08S01' });
    await client.ended();
  });

  test('several statements run only where the client asked for it', async () => {
    const client = await WireClient.session(port, { capabilities: CAPABILITIES.multi });
    client.send(0, Buffer.from('\x03select 1; select 2'));
    expect((await client.reply()).rows).toEqual([['1']]);
    expect((await client.reply()).rows).toEqual([['2']]);
    client.socket.destroy();
  });

  test('SLEEP takes its time and other clients are answered meanwhile', async () => {
    const [sleeper, other] = [await WireClient.session(port), await WireClient.session(port)];
    const begun = performance.now();
    const slept = sleeper.query('select sleep(1)');
    expect((await other.query('select 1')).rows).toEqual([['1']]);
    expect(performance.now() - begun).toBeLessThan(900);
    expect((await slept).rows).toEqual([['0']]);
    expect(performance.now() - begun).toBeGreaterThan(950);
    sleeper.socket.destroy();
    other.socket.destroy();
  });

  test('what a source creates its other connections see, and accounts it makes can log in', async () => {
    const [first, second] = [await WireClient.session(port), await WireClient.session(port)];
    await first.query('create database stash');
    await first.query('create table stash.t (id int primary key, v varchar(9))');
    await first.query("insert into stash.t values (1,'a'),(2,'b')");
    expect((await second.query('select v from stash.t where id = 2')).rows).toEqual([['b']]);
    await first.query("create user ''@'%'");
    await first.query("create user spare@'%'");
    const spare = await WireClient.session(port, { user: 'spare' });
    expect((await spare.query('select current_user()')).rows).toEqual([['spare@%']]);
    for (const client of [first, second, spare]) client.socket.destroy();
  });

  test.each([
    ['(', 20_000],
    ['cast(', 2_000],
    ['not ', 20_000],
  ])('nesting of %s is refused quickly and the server goes on', async (piece, times) => {
    const client = await WireClient.session(port);
    const reply = await client.query(`select ${piece.repeat(times)}1`);
    expect(reply.error).toBeDefined();
    expect((await client.query('select 1')).rows).toEqual([['1']]);
    client.socket.destroy();
  });

  test.each([
    'select count(*) from information_schema.columns a, information_schema.columns b, information_schema.columns c',
    'select group_concat(repeat(a.table_name, 1000)) from information_schema.columns a, information_schema.columns b',
    'with recursive t as (select 1 n union all select n + 1 from t) select count(*) from t',
  ])('%s costs a bounded amount', async (sql) => {
    const client = await WireClient.session(port);
    expect((await client.query(sql)).error).toBeDefined();
    expect((await client.query('select 1')).rows).toEqual([['1']]);
    client.socket.destroy();
  });
});
