// Conditional requests (RFC 9110 section 13) as nginx weighs them, with its default `if_modified_since exact`.
import { parseHttpDate } from '../http/date.ts';
import type { SiteFile } from './site.ts';

type Known = ReadonlyMap<string, string>;

/** What a resource can be told by. A page that is made as it is asked for has neither. */
export interface Validators {
  readonly etag: string | undefined;
  /** Seconds since the epoch. */
  readonly modified: number | undefined;
}

/** 412, 304, or undefined where the resource is to be sent. */
export function weighConditions(known: Known, { etag, modified: changed }: Validators): 412 | 304 | undefined {
  const unmodified = known.get('if-unmodified-since');
  if (unmodified !== undefined && (changed === undefined || changed > (parseHttpDate(unmodified) ?? -1))) return 412;
  const match = known.get('if-match');
  if (match !== undefined && !listsEntityTag(match, etag, false)) return 412;
  const modified = known.get('if-modified-since');
  const noneMatch = known.get('if-none-match');
  if (modified === undefined && noneMatch === undefined) return undefined;
  if (modified !== undefined && (changed === undefined || parseHttpDate(modified) !== changed)) return undefined;
  if (noneMatch !== undefined && !listsEntityTag(noneMatch, etag, true)) return undefined;
  return 304;
}

/** True where a Range may be honoured although If-Range stands beside it. */
export function rangeHolds(ifRange: string | undefined, file: SiteFile): boolean {
  if (ifRange === undefined) return true;
  if (ifRange.length >= 2 && ifRange.endsWith('"')) return ifRange === file.etag;
  return parseHttpDate(ifRange) === file.modified;
}

/** Whether a list of entity tags names `etag`; `weak` takes `W/` tags for equal. */
function listsEntityTag(list: string, etag: string | undefined, weak: boolean): boolean {
  if (list === '*') return true;
  if (etag === undefined) return false;
  let at = 0;
  while (at < list.length) {
    if (weak && list.startsWith('W/', at)) at += 2;
    if (list.startsWith(etag, at)) {
      const after = skipBlanks(list, at + etag.length);
      if (after === list.length || list[after] === ',') return true;
    }
    const comma = list.indexOf(',', at);
    if (comma === -1) return false;
    at = comma;
    while (at < list.length && (list[at] === ',' || list[at] === ' ' || list[at] === '\t')) at++;
  }
  return false;
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (text[next] === ' ' || text[next] === '\t') next++;
  return next;
}
