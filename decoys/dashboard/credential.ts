// The user name and password a request tries, wherever HTTP lets a client put them.
import type { ApplicationNote } from './http/exchange.ts';
import type { Head } from './http/head.ts';

export interface TriedCredential {
  readonly user?: string;
  readonly password?: string;
}

const BASIC = /^basic +([A-Za-z0-9+/=_-]{1,1024})$/i;

/** What the application found in a login, or what stands in `Authorization: Basic` (RFC 7617). */
export function credentialOf(head: Head, note: ApplicationNote | undefined): TriedCredential | undefined {
  if (note?.credential) return note.credential;
  const basic = BASIC.exec(head.known.get('authorization') ?? '')?.[1];
  if (basic === undefined) return undefined;
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? { user: text } : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
