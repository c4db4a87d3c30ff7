// Character sets a client speaks in and is answered in.
// Source: https://dev.mysql.com/doc/refman/9.7/en/charset-connection.html
import { collationById, findCharset, findCollation } from '../sql/value/charset.ts';
import type { ResultCharset } from '../wire/column.ts';
import type { Session } from './session.ts';

/** Character sets no client may speak in: their letters take two bytes or more. */
const NOT_FOR_CLIENTS: readonly string[] = ['ucs2', 'utf16', 'utf16le', 'utf32'];

/** Charset results are told in; null where the client asked for none. */
export function resultCharset(session: Session): { readonly charset: string | null; readonly told: ResultCharset } {
  const own = session.variables.get('character_set_results');
  const name = typeof own === 'string' ? own : session.readVariable('character_set_results', '').value;
  if (name === null || name === '') return { charset: null, told: { id: 255, bytesPerCharacter: 4, charset: null } };
  const charset = findCharset(String(name));
  const kept = findCollation(session.resultCollation);
  const collation = kept && kept.charset === charset?.name ? kept.name : charset?.defaultCollation;
  return {
    charset: charset?.name ?? 'utf8mb4',
    told: {
      charset: charset?.name ?? 'utf8mb4',
      id: findCollation(collation ?? '')?.id ?? 255,
      bytesPerCharacter: charset?.maxBytes ?? 4,
    },
  };
}

/** Sets the three client character sets, as a login or SET NAMES does. */
export function setClientCharset(session: Session, charset: string, collation: string): void {
  session.variables.set('character_set_client', charset);
  session.variables.set('character_set_connection', charset);
  session.variables.set('character_set_results', charset);
  session.variables.set('collation_connection', collation);
  session.resultCollation = collation;
}

/** Takes the collation a client logs in with; gives the name of a character set no client may have. */
export function setClientCollation(session: Session, id: number): string | undefined {
  const collation = collationById(id) ?? collationById(255);
  if (!collation) return undefined;
  if (NOT_FOR_CLIENTS.includes(collation.charset)) return collation.charset;
  setClientCharset(session, collation.charset, collation.name);
  return undefined;
}
