// Attacker bytes as text for a line: UTF-8 where it is that, bytes escaped where it is not; and hiding what a secret stands in.
import { escapeBytes } from '../touch/caps.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const ASCII = /^[\x20-\x7e]*$/;

/** Latin1 text, one character a byte, as people would read it; at most `limit` bytes of it. */
export function readable(latin1: string, limit = 2_048): string {
  const text = latin1.length > limit ? latin1.slice(0, limit) : latin1;
  if (ASCII.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    // Not UTF-8: shown byte by byte.
    return escapeBytes(bytes, limit);
  }
}

const SECRET_PARAMETER = /([?&;](?:[a-z0-9_.-]*(?:pass|pwd|secret|token|key|auth)[a-z0-9_.-]*)=)[^&;#]*/gi;
export const HIDDEN = '[hidden]';

/** A target with the values of parameters that hold secrets hidden, for LOG_CREDENTIALS=false. */
export function hideSecrets(target: string): string {
  return target.replace(SECRET_PARAMETER, `$1${HIDDEN}`);
}
