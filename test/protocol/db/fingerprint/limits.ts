// Fingerprints of what accounts and the server are held to: each is a course of statements and logins of several clients.
import { WireClient } from '../wire-client.ts';
import type { LoginOptions } from '../wire-login.ts';
import { parseError, parseOk, type WireReply } from '../wire-reply.ts';
import { type Fingerprint, fingerprint } from './check.ts';

/** Who says what: a login of that user, or a statement of the client that came in by that name. */
type Step = readonly [who: string, what: string | LoginOptions];

const ROOT: Step = ['root', {}];

/** Times, thread ids and generated names are another each time. */
function steady(text: string): string {
  return text.replace(/connection \d+/, 'connection N');
}

function toldOf({ error, ok, rows, status, warnings }: WireReply): unknown {
  if (error) return [error.code, error.sqlstate, steady(error.message)];
  return ok ? [ok.affected, ok.status, ok.warnings, ok.info] : [rows, status, warnings];
}

async function comes(port: number, options: LoginOptions): Promise<[WireClient, unknown]> {
  const client = await WireClient.open(port);
  const first = (await client.read()).body;
  if (first[0] === 0xff) return [client, ['before the greeting', first.readUInt16LE(1), first.toString('latin1', 3)]];
  client.socket.destroy();
  const login = await WireClient.login(port, options);
  const { body, sequence } = await login.read();
  if (body[0] === 0xff) return [login, [sequence, parseError(body)]];
  return [login, [sequence, parseOk(body, login.capabilities).status]];
}

function course(name: string, ...steps: readonly Step[]): Fingerprint {
  return fingerprint(`limits: ${name}`, async (port) => {
    const clients = new Map<string, WireClient>();
    const told: unknown[] = [];
    for (const [who, what] of [ROOT, ...steps]) {
      if (typeof what === 'string') {
        const said = clients.get(who)?.query(what).then(toldOf);
        told.push(await said?.catch(() => 'closed'));
        continue;
      }
      const [client, answer] = await comes(port, what);
      clients.get(who)?.socket.destroy();
      clients.set(who, client);
      told.push(answer);
    }
    for (const client of clients.values()) client.socket.destroy();
    return told;
  });
}

const root = (...statements: string[]): Step[] => statements.map((sql) => ['root', sql]);
const as = (who: string, ...statements: string[]): Step[] => statements.map((sql) => [who, sql]);

const IN_USE = ['a', { user: 'fl_use' }] as const;

export const LIMITS: readonly Fingerprint[] = [
  course(
    'statements an hour',
    ...root("create user fl_use identified by '' with max_queries_per_hour 2"),
    IN_USE,
    ...as('a', 'select 1', 'not sql', 'do 1', 'select 2', 'set @a=1'),
    ...root('flush user_resources'),
    ...as('a', 'select 3'),
    ...root('drop user fl_use'),
  ),
  course(
    'changes an hour',
    ...root(
      'create database fl_db',
      'create table fl_db.t (a int)',
      "create user fl_use identified by '' with max_updates_per_hour 1",
      'grant all on fl_db.* to fl_use',
    ),
    IN_USE,
    ...as(
      'a',
      'insert into fl_db.t values (1)',
      'insert into fl_db.t values (2)',
      'select * from fl_db.t',
      'drop table fl_db.t',
    ),
    ...root('drop database fl_db', 'drop user fl_use'),
  ),
  course(
    'connections of a user',
    ...root("create user fl_use identified by '' with max_user_connections 1"),
    IN_USE,
    ...as('a', 'select @@max_user_connections, @@global.max_user_connections'),
    ['b', { user: 'fl_use' }],
    ...root('drop user fl_use'),
  ),
  course(
    'connections of every user',
    ...root('set global max_user_connections=1', "create user fl_use identified by ''"),
    IN_USE,
    ['b', { user: 'fl_use' }],
    ...root('set session max_user_connections=2', 'set global max_user_connections=0', 'drop user fl_use'),
  ),
  course(
    'failed logins',
    ...root("create user fl_use identified by 'p' failed_login_attempts 2 password_lock_time 3"),
    IN_USE,
    IN_USE,
    IN_USE,
    ...root('alter user fl_use account unlock'),
    IN_USE,
    ...root('alter user fl_use failed_login_attempts 1 password_lock_time unbounded'),
    IN_USE,
    IN_USE,
    ...root('flush privileges', "alter user fl_use identified by ''"),
    IN_USE,
    ...root('drop user fl_use'),
  ),
  course(
    'a server that is offline',
    ...root("create user fl_use identified by ''"),
    IN_USE,
    ...root('set global offline_mode=1'),
    ...as('a', 'select 1'),
    IN_USE,
    ...root('select @@offline_mode', 'set global offline_mode=0', 'drop user fl_use'),
  ),
  course(
    'init_connect',
    ...root("create user fl_use identified by ''", "set global init_connect='set @i=1; set @j=2'"),
    IN_USE,
    ...as('a', 'select @i, @j'),
    ...root("set global init_connect='no statement'"),
    IN_USE,
    ...as('a', 'select 1', 'select 1'),
    ['b', {}],
    ...as('b', 'select @i'),
    ...root("set global init_connect=''", 'drop user fl_use'),
  ),
  course(
    'no login in the clear',
    ...root("create user fl_use identified by 'p'", 'set global require_secure_transport=1'),
    ['a', {}],
    ['a', { database: 'fl_none' }],
    ['a', { user: 'fl_use' }],
    ...root('set global require_secure_transport=0', 'drop user fl_use'),
  ),
  course(
    'a locked account',
    ...root("create user fl_use identified by '' account lock"),
    IN_USE,
    ...root('alter user fl_use account unlock'),
    IN_USE,
    ...root('drop user fl_use'),
  ),
  course(
    'roles of a session',
    ...root('create role fl_role', "create user fl_use identified by '' default role fl_role"),
    IN_USE,
    ...as(
      'a',
      'select current_role()',
      'set role none',
      'select current_role()',
      'set role all',
      'select current_role()',
    ),
    ...root('drop user fl_use', 'drop role fl_role'),
  ),
  course(
    'passwords that stay beside the new one',
    ...root(
      "create user fl_use identified by ''",
      "alter user fl_use identified by 'b' retain current password",
      "create user fl_two identified by '' require subject '/CN=a' subject '/CN=b'",
      'drop user fl_use',
    ),
  ),
  course(
    'values of a session when the global one is another',
    ...root(
      'set global sort_buffer_size=300000',
      'select @@sort_buffer_size, @@global.sort_buffer_size',
      "set global time_zone='+03:00'",
      'select @@time_zone, timestampdiff(hour, utc_timestamp(), now())',
      'set global transaction isolation level serializable',
      'select @@transaction_isolation, @@global.transaction_isolation',
      'set global group_concat_max_len=4',
      "select group_concat(a) from (select 'abcdef' a) t",
      'set global max_allowed_packet=1024',
      "select length(repeat('a', 2000)), @@max_allowed_packet",
    ),
    ['a', {}],
    ...as(
      'a',
      'select @@sort_buffer_size, @@time_zone, @@transaction_isolation',
      "select group_concat(a) from (select 'abcdef' a) t",
      "select length(repeat('a', 2000)), @@max_allowed_packet",
      'show warnings',
    ),
    ...root(
      'set global sort_buffer_size=default, time_zone=system, group_concat_max_len=default',
      'set global max_allowed_packet=67108864, transaction_isolation=default',
    ),
  ),
];
