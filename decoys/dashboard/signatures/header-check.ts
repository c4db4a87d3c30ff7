// Header lines seen before in which there was nothing: a browser sends the same ten with every request, whatever else it asks for.
// Bounded: so many lines of so many characters are kept, the older half is forgotten at a time.
import type { Header } from '../http/header-list.ts';

/** Lines of one half. */
const LINES = 128;
const CHARACTERS = 512;
/** Of lines never seen before one in so many is kept: who sends another each time would only fill memory with them. */
const SHARE = 4;

export interface HeaderCheck {
  /** The lines not known to be clean, as text. */
  unknown(headers: readonly Header[]): string[];
  /** There is nothing in this one. */
  clean(line: string): void;
}

export function createHeaderCheck(): HeaderCheck {
  let recent = new Set<string>();
  let older = new Set<string>();
  let strangers = 0;

  function keep(line: string): void {
    if (line.length > CHARACTERS) return;
    if (recent.size >= LINES) {
      older = recent;
      recent = new Set();
    }
    recent.add(line);
  }

  function isKnown(line: string): boolean {
    if (recent.has(line)) return true;
    if (!older.has(line)) return false;
    keep(line);
    return true;
  }

  return {
    unknown: (headers) => headers.map(({ name, value }) => `${name}: ${value}`).filter((line) => !isKnown(line)),
    clean(line) {
      strangers++;
      if (strangers % SHARE === 0) keep(line);
    },
  };
}
