// What a source has done lately, where one request alone says nothing: word lists and password guessing. Bounded: the source longest
// unheard is forgotten first, and of each only so much is kept.
import { createHash } from 'node:crypto';
import type { TechniqueId } from '../../touch/actions.ts';

const SOURCES = 1_024;
const WINDOW_MS = 60_000;
const MISSES = 10;
const LOGINS = 5;
const KEPT = 32;

interface Login {
  readonly at: number;
  readonly user: string;
  readonly password: string;
}

interface Source {
  /** Time by path not found. */
  readonly misses: Map<string, number>;
  logins: Login[];
}

export interface Habit {
  readonly name: string;
  readonly techniques: readonly TechniqueId[];
}

export interface Sources {
  /** A path that was not there; the habit once there were many. */
  missed(ip: string, path: string, now: number): Habit | undefined;
  /** A login that was tried. */
  tried(ip: string, user: string, password: string, now: number): Habit | undefined;
}

const WORD_LIST: Habit = { name: 'word-list', techniques: ['T1595.003', 'T1083', 'T1046'] };

const DEFAULTS: ReadonlySet<string> = new Set(
  [
    'admin:admin',
    'admin:password',
    'admin:123456',
    'admin:admin123',
    'admin:',
    'root:root',
    'root:toor',
    'root:',
    'root:password',
  ].concat([
    'user:user',
    'test:test',
    'guest:guest',
    'admin:changeme',
    'administrator:administrator',
    'admin:1234',
    'admin:12345',
  ]),
);

export function createSources(): Sources {
  const sources = new Map<string, Source>();

  function sourceOf(ip: string): Source {
    const known = sources.get(ip);
    if (known) {
      sources.delete(ip);
      sources.set(ip, known);
      return known;
    }
    if (sources.size >= SOURCES) sources.delete(sources.keys().next().value!);
    const source: Source = { misses: new Map(), logins: [] };
    sources.set(ip, source);
    return source;
  }

  return {
    missed(ip, path, now) {
      const { misses } = sourceOf(ip);
      const key = path.length > KEPT ? digest(path) : path;
      misses.delete(key);
      misses.set(key, now);
      for (const [known, at] of misses) {
        if (now - at <= WINDOW_MS && misses.size <= KEPT) break;
        misses.delete(known);
      }
      return misses.size >= MISSES ? WORD_LIST : undefined;
    },

    tried(ip, user, password, now) {
      const source = sourceOf(ip);
      const login = { at: now, user: digest(user), password: digest(password) };
      source.logins = [...source.logins.filter(({ at }) => now - at <= WINDOW_MS), login].slice(-KEPT);
      const { logins } = source;
      if (logins.length < LOGINS) {
        return DEFAULTS.has(`${user.toLowerCase()}:${password}`)
          ? { name: 'default-credentials', techniques: ['T1078.001'] }
          : undefined;
      }
      const users = new Set(logins.map((tried) => tried.user)).size;
      const passwords = new Set(logins.map((tried) => tried.password)).size;
      if (users === 1) return { name: 'password-guessing', techniques: ['T1110.001'] };
      if (passwords * 2 <= users) return { name: 'password-spraying', techniques: ['T1110.003'] };
      return { name: 'credential-stuffing', techniques: ['T1110.004'] };
    },
  };
}

/** Short and of fixed length: what is kept of a source does not grow with what it sends. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 12);
}
