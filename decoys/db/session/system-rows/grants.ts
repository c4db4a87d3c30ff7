// Rows of the tables of grants below all: schemas, tables, columns, routines, proxies, roles.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant-tables.html
import type { Account, Grants } from '../../overlay/account.ts';
import type { GrantLevel } from '../../sql/ast/account.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import { COLUMN_PRIVILEGES, ROUTINE_PRIVILEGES, SCHEMA_PRIVILEGES, TABLE_PRIVILEGES } from '../accounts.ts';
import type { Session } from '../session.ts';
import { accountsOf, quotedAccount, USER_COLUMNS } from './accounts.ts';
import type { Record_ } from './record.ts';

function heldAt(session: Session, kind: GrantLevel['kind']): { account: Account; grants: Grants }[] {
  return accountsOf(session).flatMap((account) =>
    [...account.levels.values()].filter((grants) => grants.level.kind === kind).map((grants) => ({ account, grants })),
  );
}

/** Columns of mysql.db and the privilege each shows. */
const DB_COLUMNS = Object.entries(USER_COLUMNS).filter(([, privilege]) => SCHEMA_PRIVILEGES.includes(privilege));

/** Rows of mysql.db. */
export function schemaGrants(session: Session): Record_[] {
  return heldAt(session, 'schema').map(({ account, grants }) => ({
    Host: account.host,
    Db: grants.level.schema,
    User: account.user,
    Grant_priv: grants.option ? 'Y' : 'N',
    ...Object.fromEntries(DB_COLUMNS.map(([column, privilege]) => [column, grants.held.has(privilege) ? 'Y' : 'N'])),
  }));
}

/** A privilege as a member of a SET column: Select, Create View, Show view. */
function member(privilege: string): string {
  if (privilege === 'SHOW VIEW') return 'Show view';
  return privilege.replace(/[A-Z]+/g, (word) => `${word[0]}${word.slice(1).toLowerCase()}`);
}

/** Members of tables_priv's SET, in its order. */
const TABLE_MEMBERS = TABLE_PRIVILEGES.flatMap((name) => (name === 'REFERENCES' ? ['GRANT', name] : [name]));

/** Who granted tables to the server's own accounts. */
const GRANTORS: Readonly<Record<string, string>> = { 'mysql.session': 'boot@', 'mysql.sys': 'root@localhost' };

function grantor(session: Session): string {
  return `${session.user}@${session.address}`;
}

/** Rows of mysql.tables_priv. */
export function tableGrants(session: Session): Record_[] {
  return heldAt(session, 'table').map(({ account, grants }) => ({
    Host: account.host,
    Db: grants.level.schema,
    User: account.user,
    Table_name: grants.level.name,
    Grantor: GRANTORS[account.user] ?? grantor(session),
    Timestamp: fromMs(account.changedMs, 'datetime'),
    Table_priv: TABLE_MEMBERS.filter((name) => grants.held.has(name) || (name === 'GRANT' && grants.option))
      .map(member)
      .join(','),
    Column_priv: COLUMN_PRIVILEGES.filter((name) => grants.columns.has(name))
      .map(member)
      .join(','),
  }));
}

/** Rows of mysql.columns_priv. */
export function columnGrants(session: Session): Record_[] {
  return heldAt(session, 'table').flatMap(({ account, grants }) =>
    columnsOf(grants).map((column) => ({
      Host: account.host,
      Db: grants.level.schema,
      User: account.user,
      Table_name: grants.level.name,
      Column_name: column,
      Timestamp: fromMs(account.changedMs, 'datetime'),
      Column_priv: COLUMN_PRIVILEGES.filter((name) => grants.columns.get(name)?.has(column))
        .map(member)
        .join(','),
    })),
  );
}

function columnsOf(grants: Grants): string[] {
  return [...new Set([...grants.columns.values()].flatMap((columns) => [...columns]))].sort();
}

/** Rows of mysql.procs_priv. */
export function routineGrants(session: Session): Record_[] {
  return (['FUNCTION', 'PROCEDURE'] as const).flatMap((type) =>
    heldAt(session, type).map(({ account, grants }) => ({
      Host: account.host,
      Db: grants.level.schema,
      User: account.user,
      Routine_name: grants.level.name,
      Routine_type: type,
      Grantor: grantor(session),
      Proc_priv: [...ROUTINE_PRIVILEGES, 'GRANT']
        .filter((name) => grants.held.has(name) || (name === 'GRANT' && grants.option))
        .map(member)
        .join(','),
      Timestamp: fromMs(account.changedMs, 'datetime'),
    })),
  );
}

/** Rows of mysql.proxies_priv. */
export function proxyGrants(session: Session): Record_[] {
  return accountsOf(session).flatMap((account) =>
    [...account.proxies.values()].map((proxy) => ({
      Host: account.host,
      User: account.user,
      Proxied_host: proxy.host,
      Proxied_user: proxy.user,
      With_grant: proxy.option ? 1n : 0n,
      Grantor: proxy.user === '' ? 'boot@' : grantor(session),
      Timestamp: fromMs(account.changedMs, 'datetime'),
    })),
  );
}

/** Rows of mysql.role_edges. */
export function roleEdges(session: Session): Record_[] {
  const keyOf = (row: Record_) => `${row.FROM_HOST}\0${row.FROM_USER}\0${row.TO_HOST}\0${row.TO_USER}`;
  return accountsOf(session)
    .flatMap((account) =>
      [...account.roles.values()].map((role) => ({
        FROM_HOST: role.host,
        FROM_USER: role.user,
        TO_HOST: account.host,
        TO_USER: account.user,
        WITH_ADMIN_OPTION: role.admin ? 'Y' : 'N',
      })),
    )
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Rows of mysql.default_roles. */
export function defaultRoles(session: Session): Record_[] {
  return accountsOf(session).flatMap((account) =>
    [...account.defaultRoles].sort().map((key) => ({
      HOST: account.host,
      USER: account.user,
      DEFAULT_ROLE_HOST: key.split('\0')[1] ?? '',
      DEFAULT_ROLE_USER: key.split('\0')[0] ?? '',
    })),
  );
}

/** Rows of information_schema.USER_ATTRIBUTES: those the account may see. */
export function userAttributes(session: Session): Record_[] {
  const held = session.privileges();
  // Who may change accounts sees all but those of the system.
  const seen = (account: Account) =>
    !held || held.everywhere('SYSTEM_USER') || !account.dynamic.has('SYSTEM_USER') || account === session.ownAccount();
  return accountsOf(session)
    .filter(seen)
    .map((account) => ({
      USER: account.user,
      HOST: account.host,
      ATTRIBUTE: account.terms.attribute ?? null,
    }));
}

/** The views read the server's memory, where accounts stand the other way round. */
function latestFirst(session: Session, kind: GrantLevel['kind']): { account: Account; grants: Grants }[] {
  return heldAt(session, kind).reverse();
}

/** Rows of SCHEMA_PRIVILEGES, TABLE_PRIVILEGES and COLUMN_PRIVILEGES. */
export function schemaPrivileges(session: Session): Record_[] {
  return latestFirst(session, 'schema').flatMap(({ account, grants }) =>
    listedPrivileges(grants, SCHEMA_PRIVILEGES).map((privilege) => ({
      ...grantedRow(account, grants),
      PRIVILEGE_TYPE: privilege,
    })),
  );
}

/** Rows of information_schema.TABLE_PRIVILEGES. */
export function tablePrivileges(session: Session): Record_[] {
  return latestFirst(session, 'table').flatMap(({ account, grants }) =>
    listedPrivileges(grants, TABLE_PRIVILEGES).map((privilege) => ({
      ...grantedRow(account, grants),
      TABLE_NAME: grants.level.name,
      PRIVILEGE_TYPE: privilege,
    })),
  );
}

/** Rows of information_schema.COLUMN_PRIVILEGES. */
export function columnPrivileges(session: Session): Record_[] {
  return heldAt(session, 'table').flatMap(({ account, grants }) =>
    columnsOf(grants).flatMap((column) =>
      COLUMN_PRIVILEGES.filter((name) => grants.columns.get(name)?.has(column)).map((privilege) => ({
        ...grantedRow(account, grants),
        TABLE_NAME: grants.level.name,
        COLUMN_NAME: column,
        PRIVILEGE_TYPE: privilege,
      })),
    ),
  );
}

function listedPrivileges(grants: Grants, all: readonly string[]): readonly string[] {
  const held = all.filter((privilege) => grants.held.has(privilege));
  return held.length === 0 && grants.columns.size === 0 ? ['USAGE'] : held;
}

function grantedRow(account: Account, grants: Grants): Record_ {
  return {
    GRANTEE: quotedAccount(account),
    TABLE_CATALOG: 'def',
    TABLE_SCHEMA: grants.level.schema,
    IS_GRANTABLE: grants.option ? 'YES' : 'NO',
  };
}
