// Errors and warnings raised for a source's sessions, counted by code, as performance_schema sums them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-error-summary-tables.html

/** How often one was raised, and when first and last, in ms since 1970. */
export interface Raised {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Codes counted for one account; those that come after so many others are not. */
const MAX_CODES = 512;
/** Accounts counted apart; those that come after so many others are not. */
const MAX_ACCOUNTS = 64;

export class RaisedErrors {
  readonly #byAccount = new Map<string, Map<number, Raised>>();

  /** Counts one of `code` raised at `nowMs` for somebody who is `user` at `host`. */
  note(user: string, host: string, code: number, nowMs: number): void {
    const key = `${user}\0${host}`;
    let codes = this.#byAccount.get(key);
    if (!codes) {
      if (this.#byAccount.size >= MAX_ACCOUNTS) return;
      codes = new Map();
      this.#byAccount.set(key, codes);
    }
    const before = codes.get(code);
    if (!before && codes.size >= MAX_CODES) return;
    codes.set(code, { count: (before?.count ?? 0) + 1, firstMs: before?.firstMs ?? nowMs, lastMs: nowMs });
  }

  /** Sums by code of the accounts that are of `user` and `host`, either of which may be any. */
  sums(user?: string, host?: string): ReadonlyMap<number, Raised> {
    const sums = new Map<number, Raised>();
    for (const [key, codes] of this.#byAccount) {
      const [ofUser, ofHost] = key.split('\0');
      if ((user !== undefined && ofUser !== user) || (host !== undefined && ofHost !== host)) continue;
      for (const [code, raised] of codes) sums.set(code, together(sums.get(code), raised));
    }
    return sums;
  }
}

function together(a: Raised | undefined, b: Raised): Raised {
  if (!a) return b;
  return {
    count: a.count + b.count,
    firstMs: Math.min(a.firstMs, b.firstMs),
    lastMs: Math.max(a.lastMs, b.lastMs),
  };
}
