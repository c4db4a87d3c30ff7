// A session's user variables (`@name`), whose bytes and count are bounded; names match in any case.
// Source: https://dev.mysql.com/doc/refman/9.7/en/user-variables.html
import { USER_VARIABLE_BYTES, USER_VARIABLES } from '../limits.ts';
import type { SessionBytes } from '../overlay/kept.ts';
import { valueBytes } from '../overlay/row-bytes.ts';
import { sqlError } from '../sql/errors.ts';
import { detached, detachedValue } from '../sql/value/detached.ts';
import type { SqlType } from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import { TYPE } from '../wire/constants.ts';

/** What a variable keeps of the type of what it was set to; NULL by itself leaves it as it was. */
export type VariableMark = Pick<SqlType, 'unsigned' | 'collation' | 'type' | 'text'>;

export class UserVariables {
  #marksMade: Map<string, VariableMark> | undefined;
  readonly #kept: SessionBytes;
  #valuesMade: Map<string, Value> | undefined;
  #bytes = 0;

  /** Books what it keeps with `kept`. */
  constructor(kept: SessionBytes) {
    this.#kept = kept;
  }

  get(name: string): Value {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  /** Of which type its value was when it was set. */
  markOf(name: string): VariableMark | undefined {
    return this.#marks.get(name.toLowerCase());
  }

  /** Throws 1041 where there is no room; the variable keeps its value then. */
  set(name: string, value: Value, mark?: VariableMark): void {
    const key = name.toLowerCase();
    const before = this.#values.get(key);
    const bytes = this.#bytes + valueBytes(value) - (before === undefined ? 0 : valueBytes(before));
    const full = bytes > USER_VARIABLE_BYTES || (before === undefined && this.#values.size >= USER_VARIABLES);
    if (full || !this.#kept.book(bytes - this.#bytes)) throw sqlError('ER_OUT_OF_RESOURCES');
    this.#bytes = bytes;
    this.#values.set(detached(key), detachedValue(value));
    if (mark?.type === TYPE.NULL) return;
    if (mark) {
      const { unsigned, collation, type, text } = mark;
      this.#marks.set(detached(key), { unsigned, collation, type, text });
    } else this.#marks.delete(key);
  }

  /** Names, in lower case, and values. */
  entries(): IterableIterator<[string, Value]> {
    return this.#values.entries();
  }

  clear(): void {
    this.#values.clear();
    this.#marks.clear();
    this.#kept.book(-this.#bytes);
    this.#bytes = 0;
  }

  /** Made when it is first asked for: most sessions of a crowd never do. */
  get #marks(): Map<string, VariableMark> {
    this.#marksMade ??= new Map();
    return this.#marksMade;
  }

  /** Made when it is first asked for: most sessions of a crowd never do. */
  get #values(): Map<string, Value> {
    this.#valuesMade ??= new Map();
    return this.#valuesMade;
  }
}
