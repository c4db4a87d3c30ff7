// Accounts that came to the server since its start, let in or not, by source: who they were, and how often they came.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-connection-tables.html

/** Accounts kept of one source; whoever came first is forgotten first. */
const KEPT_ACCOUNTS = 256;
/** Characters of a user's name that are kept. */
const NAME_CHARACTERS = 32;

export interface SeenAccount {
  readonly user: string;
  readonly host: string;
  times: number;
}

export class SeenAccounts {
  readonly #seen = new Map<string, SeenAccount>();

  /** Somebody gave a name, and was let in or refused. */
  came(user: string, host: string): void {
    const name = user.slice(0, NAME_CHARACTERS);
    const key = `${name}\0${host}`;
    const known = this.#seen.get(key);
    if (known) {
      known.times++;
      return;
    }
    for (const first of this.#seen.keys()) {
      if (this.#seen.size < KEPT_ACCOUNTS) break;
      this.#seen.delete(first);
    }
    this.#seen.set(key, { user: name, host, times: 1 });
  }

  /** In the order they came first. */
  all(): IterableIterator<SeenAccount> {
    return this.#seen.values();
  }
}
