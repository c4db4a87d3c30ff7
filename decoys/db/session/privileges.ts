// What a session's account and its active roles may do.
// Source: https://dev.mysql.com/doc/refman/9.7/en/privileges-provided.html
import { type Account, type Grants, levelKey } from '../overlay/account.ts';
import { STATIC_PRIVILEGES } from './accounts.ts';

/** Roles looked into for one account. */
const MAX_HOLDERS = 64;

/** Tables of performance_schema everybody may read. */
const READABLE: ReadonlySet<string> = new Set([
  'global_status',
  'global_variables',
  'innodb_redo_log_files',
  'keyring_component_status',
  'log_status',
  'persisted_variables',
  'processlist',
  'session_account_connect_attrs',
  'session_status',
  'session_variables',
]);

/** True where a schema's name in a grant, with its % and _, means `schema`; linear in both. */
function schemaMatches(pattern: string, schema: string): boolean {
  if (pattern === schema) return true;
  if (!/[%_]/.test(pattern)) return false;
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (from < schema.length) {
    if (pattern[at] === '\\' && pattern[at + 1] === schema[from]) [at, from] = [at + 2, from + 1];
    else if (pattern[at] === '_' || (pattern[at] !== '%' && pattern[at] === schema[from]))
      [at, from] = [at + 1, from + 1];
    else if (pattern[at] === '%') [star, mark, at] = [at, from, at + 1];
    else if (star >= 0) [at, from, mark] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (pattern[at] === '%') at++;
  return at === pattern.length;
}

/** True for an account that holds every static privilege everywhere. */
export function mayDoAll(account: Account): boolean {
  return account.privileges.size >= STATIC_PRIVILEGES.length && account.restrictions.size === 0;
}

export class Privileges {
  readonly #holders: readonly Account[];
  /** True for an account that holds every static privilege everywhere. */
  readonly all: boolean;

  constructor(account: Account, roles: Iterable<string>, accounts: ReadonlyMap<string, Account>) {
    const holders = new Set([account]);
    const open = [...roles];
    for (let key = open.pop(); key !== undefined && holders.size < MAX_HOLDERS; key = open.pop()) {
      const role = accounts.get(key);
      if (!role || holders.has(role)) continue;
      holders.add(role);
      open.push(...role.roles.keys());
    }
    this.#holders = [...holders];
    this.all = this.#holders.some(mayDoAll);
  }

  /** Held everywhere, static or dynamic. */
  everywhere(privilege: string): boolean {
    return (
      this.all || this.#holders.some((holder) => holder.privileges.has(privilege) || holder.dynamic.has(privilege))
    );
  }

  /** True where every holder that has it everywhere had it revoked in this schema. */
  #restricted(privilege: string, schema: string): boolean {
    return this.#holders
      .filter((holder) => holder.privileges.has(privilege))
      .every((holder) => holder.restrictions.get(schema)?.has(privilege) === true);
  }

  #levels(): Grants[] {
    return this.#holders.flatMap((holder) => [...holder.levels.values()]);
  }

  onSchema(privilege: string, schema: string): boolean {
    if (this.everywhere(privilege) && !this.#restricted(privilege, schema)) return true;
    return this.#levels().some(
      ({ level, held, option }) =>
        level.kind === 'schema' &&
        schemaMatches(level.schema, schema) &&
        (held.has(privilege) || (privilege === 'GRANT OPTION' && option)),
    );
  }

  /** On the table, or on a column of it. */
  onTable(privilege: string, schema: string, name: string): boolean {
    if (this.onSchema(privilege, schema)) return true;
    if (schema === 'performance_schema' && privilege === 'SELECT' && READABLE.has(name)) return true;
    const key = levelKey({ kind: 'table', schema, name });
    return this.#holders.some((holder) => {
      const grants = holder.levels.get(key);
      return grants !== undefined && (grants.held.has(privilege) || grants.columns.has(privilege));
    });
  }

  onRoutine(privilege: string, kind: 'PROCEDURE' | 'FUNCTION', schema: string, name: string): boolean {
    if (this.onSchema(privilege, schema)) return true;
    const key = levelKey({ kind, schema, name });
    return this.#holders.some((holder) => holder.levels.get(key)?.held.has(privilege) === true);
  }

  /** True where anything at all is held in the schema, so that it is seen. */
  seesSchema(schema: string): boolean {
    if (this.all || schema === 'information_schema' || this.#anythingEverywhere()) return true;
    return this.#levels().some(({ level }) =>
      level.kind === 'schema' ? schemaMatches(level.schema, schema) : level.schema === schema,
    );
  }

  /** True where anything at all is held on the table, so that it is seen. */
  seesTable(schema: string, name: string): boolean {
    if (this.all || schema === 'information_schema' || this.#anythingEverywhere()) return true;
    if (schema === 'performance_schema' && READABLE.has(name)) return true;
    return this.#levels().some(({ level }) => {
      if (level.kind === 'schema') return schemaMatches(level.schema, schema);
      return level.schema === schema && level.kind === 'table' && level.name === name;
    });
  }

  #anythingEverywhere(): boolean {
    return ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'SHOW DATABASES', 'ALTER', 'INDEX'].some(
      (privilege) => this.everywhere(privilege),
    );
  }
}
