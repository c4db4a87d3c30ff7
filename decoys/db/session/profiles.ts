// What SHOW PROFILES and SHOW PROFILE tell: the last statements of a session that asked for it, and the stages each went through.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show-profile.html; stages as a live 9.7.4 goes through them.
import type { SessionBytes } from '../overlay/kept.ts';
import { detached } from '../sql/value/detached.ts';

/** Statements kept of one session, whatever profiling_history_size says. */
const MOST_PROFILES = 100;
/** Characters kept of a statement, and what it takes beside them, in bytes, about. */
const PROFILE_CHARACTERS = 300;
const PROFILE_BYTES = 512;

export interface Profile {
  readonly id: number;
  readonly text: string;
  readonly seconds: number;
  readonly stages: readonly string[];
}

export interface Profiled {
  /** What the server calls the statement. */
  readonly name: string;
  readonly text: string;
  readonly durationMs: number;
  readonly error: { readonly code: number } | undefined;
  /** It read or changed a table. */
  readonly tables: boolean;
  readonly temporary: number;
}

const START = ['starting', 'checking permissions', 'Opening tables'];
const HOOKED = ['starting', 'Executing hook on transaction ', 'starting', 'checking permissions', 'Opening tables'];
const END = ['end', 'query end', 'closing tables', 'freeing items', 'cleaning up'];
const COMMITTED = ['end', 'query end', 'waiting for handler commit', 'closing tables', 'freeing items', 'cleaning up'];
const SHORT = ['query end', 'closing tables', 'freeing items', 'cleaning up'];
const DEFINED = ['query end', 'closing tables', 'waiting for handler commit', 'freeing items', 'cleaning up'];
const COMMITS = ['waiting for handler commit', 'waiting for handler commit'];

/** Statements that are no query and no change of rows, each with its stages. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  __proto__: null as never,
  error: ['starting', 'freeing items', 'cleaning up'],
  change_db: ['starting', ...SHORT],
  set_option: ['starting', 'Opening tables', ...SHORT],
  begin: ['starting', 'Executing hook on transaction ', 'starting', ...SHORT],
  commit: ['starting', 'waiting for handler commit', ...SHORT],
  rollback: ['starting', ...SHORT],
  create_table: [...HOOKED, 'creating table', 'After create', ...COMMITS, ...DEFINED],
  drop_table: [...HOOKED.slice(0, 4), ...COMMITS, ...DEFINED],
};

const CHANGES: ReadonlySet<string> = new Set(['update', 'delete', 'insert', 'replace']);

/** The stages a statement went through. */
export function stagesOf({ name, error, tables, temporary, durationMs }: Profiled): readonly string[] {
  if (error?.code === 1064) return OTHERS.error as readonly string[];
  if (error) return [...START, ...END];
  const other = OTHERS[name];
  if (other) return other;
  if (CHANGES.has(name))
    return [...HOOKED, 'init', 'System lock', name === 'insert' ? 'update' : 'updating', ...COMMITTED];
  if (name !== 'select' && name !== 'do' && !name.startsWith('show'))
    return ['starting', 'checking permissions', ...DEFINED];
  const planned = ['optimizing', 'statistics', 'preparing'];
  if (!tables && (name === 'select' || name === 'do'))
    return [...START, 'init', 'optimizing', 'executing', ...(durationMs >= SLEEP_MS ? ['User sleep'] : []), ...END];
  const grouped = temporary > 0 ? ['Creating tmp table'] : [];
  return [...HOOKED, 'init', 'System lock', ...planned, ...grouped, 'executing', ...COMMITTED];
}

/** A statement that takes longer slept. */
const SLEEP_MS = 50;
/** Seconds the quickest statement takes, for each stage. */
const STAGE_SECONDS = 0.000_009;

function bytesOf({ text }: Pick<Profile, 'text'>): number {
  return PROFILE_BYTES + text.length;
}

export class Profiles {
  readonly #bytes: SessionBytes;
  #last = 0;
  #kept: Profile[] = [];

  /** Books what it keeps with `bytes`. */
  constructor(bytes: SessionBytes) {
    this.#bytes = bytes;
  }

  /** Keeps a statement while there is room; those past `most` are forgotten, oldest first. */
  add(statement: Profiled, most: number): void {
    this.#last++;
    const stages = stagesOf(statement);
    const spread = ((this.#last * 7_919 + statement.text.length * 104_729) % 997) / 997;
    const text = detached(statement.text.slice(0, PROFILE_CHARACTERS));
    if (!this.#bytes.book(bytesOf({ text }))) return;
    this.#kept.push({
      id: this.#last,
      text,
      seconds: statement.durationMs / 1000 + stages.length * STAGE_SECONDS * (1 + spread),
      stages,
    });
    const over = this.#kept.length - Math.min(most, MOST_PROFILES);
    if (over <= 0) return;
    for (const forgotten of this.#kept.splice(0, over)) this.#bytes.book(-bytesOf(forgotten));
  }

  all(): readonly Profile[] {
    return this.#kept;
  }

  /** One of them by its number; the last where none is given. */
  find(id: number | undefined): Profile | undefined {
    return id === undefined ? this.#kept.at(-1) : this.#kept.find((profile) => profile.id === id);
  }
}

/** Seconds of each stage: most of the time goes by where the work is done. */
export function stageSeconds(profile: Profile): number[] {
  const working = profile.stages.findIndex((stage) => /executing|User sleep|updat|creating table/.test(stage));
  const most = Math.min(STAGE_SECONDS, profile.seconds / profile.stages.length / 2);
  const each = profile.stages.map((stage, at) => (most * (1 + ((profile.id * 31 + at * 17 + stage.length) % 9))) / 9);
  const rest = profile.seconds - each.reduce((sum, seconds) => sum + seconds, 0);
  return each.map((seconds, at) => (at === Math.max(0, working) ? seconds + rest : seconds));
}
