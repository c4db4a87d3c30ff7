// Reads fields of a configuration and collects every mistake in it as one line: where, what it is, what is allowed.
import { readFileSync, statSync } from 'node:fs';
import type { Env } from '../../decoys/touch/settings.ts';

const SECRET_BYTES = 65_536;
const SHOWN_CHARS = 60;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

type Record_ = Readonly<Record<string, unknown>>;

export class Fields {
  readonly #values: Record_;
  readonly #path: string;
  readonly #mistakes: string[];
  readonly #env: Env;
  readonly #asked = new Set<string>();

  constructor(value: unknown, path: string, mistakes: string[], env: Env) {
    this.#path = path;
    this.#mistakes = mistakes;
    this.#env = env;
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#values = isMap ? (value as Record_) : {};
    if (!isMap && value !== undefined && value !== null) this.#wrong('', value, 'must be a map of settings');
  }

  /** Notes a mistake about `key`. */
  refuse(key: string, message: string): undefined {
    this.#mistakes.push(`${this.#at(key)}: ${message}`);
    return undefined;
  }

  has(key: string): boolean {
    return this.#take(key) !== undefined;
  }

  text(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    return typeof value === 'string' && value !== '' ? value : this.#wrong(key, value, 'must be text');
  }

  flag(key: string): boolean | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    return typeof value === 'boolean' ? value : this.#wrong(key, value, 'must be true or false');
  }

  whole(key: string, from: number, to: number): number | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    return Number.isInteger(value) && (value as number) >= from && (value as number) <= to
      ? (value as number)
      : this.#wrong(key, value, `must be a whole number from ${from} to ${to}`);
  }

  choice<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    return allowed.find((item) => item === value) ?? this.#wrong(key, value, `must be one of ${allowed.join(', ')}`);
  }

  /** A time such as 30s, 10m or 4h, in ms. */
  duration(key: string, fromMs: number, toMs: number): number | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    const [, amount, unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(String(value)) ?? [];
    const ms = Number(amount) * (UNITS[unit] ?? Number.NaN);
    if (Number.isNaN(ms)) return this.#wrong(key, value, 'must be a time such as 30s, 10m or 4h');
    return ms >= fromMs && ms <= toMs
      ? ms
      : this.#wrong(key, value, `must be from ${timeOf(fromMs)} to ${timeOf(toMs)}`);
  }

  /** An address, as text or, where it is one, as a secret. With `secret` it has to be. */
  url(key: string, protocols: readonly string[], secret = false): URL | undefined {
    const value = this.#take(key);
    const text = secret || (typeof value === 'object' && value !== null) ? this.secret(key) : this.text(key);
    if (text === undefined) return undefined;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && protocols.includes(url.protocol) && url.hostname !== '') {
      if (url.username === '' && url.password === '') return url;
      return this.refuse(key, 'must not hold a user or password; give a header instead');
    }
    const allowed = protocols.map((protocol) => `${protocol}//…`).join(' or ');
    // What came from a file or the environment may be a secret: it is not shown.
    return typeof value === 'string'
      ? this.#wrong(key, value, `must be ${allowed}`)
      : this.refuse(key, `must be ${allowed}`);
  }

  /** `{file: PATH}` or `{env: NAME}`: what stands there, without the newline at its end. */
  secret(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    const where = (typeof value === 'object' && value !== null ? value : {}) as Record_;
    const [kind, ...more] = Object.keys(where);
    const name = kind === undefined ? undefined : where[kind];
    if ((kind !== 'file' && kind !== 'env') || more.length > 0 || typeof name !== 'string' || name === '')
      return this.refuse(key, 'must be {file: PATH} or {env: NAME}; secrets do not stand in the configuration itself');
    const text = kind === 'env' ? this.#env[name] : this.#read(key, name);
    if (kind === 'env' && (text === undefined || text === ''))
      return this.refuse(key, `the environment has no ${name}`);
    if (text === '') return this.refuse(key, `${name} is empty`);
    return text;
  }

  /** Text of a file. */
  file(key: string): string | undefined {
    const path = this.text(key);
    return path === undefined ? undefined : this.#read(key, path);
  }

  /** Names and texts; a text may stand elsewhere, as a secret does, and one whose name is `secret` must. */
  texts(key: string, secret?: RegExp): Readonly<Record<string, string>> | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    const inner = new Fields(value, this.#at(key), this.#mistakes, this.#env);
    const entries = Object.keys(inner.#values).map((name) => {
      const elsewhere = typeof inner.#values[name] === 'object' || secret?.test(name);
      return [name, elsewhere ? inner.secret(name) : inner.text(name)] as const;
    });
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  map(key: string): Fields {
    return new Fields(this.#take(key), this.#at(key), this.#mistakes, this.#env);
  }

  list(key: string, limit: number): Fields[] {
    const value = this.#take(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#wrong(key, value, 'must be a list');
      return [];
    }
    if (value.length > limit) this.refuse(key, `must have at most ${limit} entries`);
    return value
      .slice(0, limit)
      .map((item, at) => new Fields(item ?? '', `${this.#at(key)}[${at}]`, this.#mistakes, this.#env));
  }

  /** Every key that nobody asked for is a mistake. Call when all have been read. */
  end(): void {
    const allowed = [...this.#asked].join(', ');
    for (const key of Object.keys(this.#values))
      if (!this.#asked.has(key)) this.refuse(key, `is no setting here; allowed are ${allowed}`);
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    const value = Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
    return value === null ? undefined : value;
  }

  #read(key: string, path: string): string | undefined {
    try {
      if (statSync(path).size > SECRET_BYTES) return this.refuse(key, `${path} is larger than ${SECRET_BYTES} bytes`);
      return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      return this.refuse(key, `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  #wrong(key: string, value: unknown, allowed: string): undefined {
    const shown = JSON.stringify(value) ?? String(value);
    return this.refuse(key, `${shown.length > SHOWN_CHARS ? `${shown.slice(0, SHOWN_CHARS)}…` : shown} ${allowed}`);
  }

  #at(key: string): string {
    return [this.#path, key].filter(Boolean).join('.') || 'the configuration';
  }
}

function timeOf(ms: number): string {
  const [unit = 'ms', size = 1] = Object.entries(UNITS).findLast(([, each]) => ms >= each && ms % each === 0) ?? [];
  return `${ms / size}${unit}`;
}
