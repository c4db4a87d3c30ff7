// Hides what was tried as a secret until somebody asks for it: in the fields made for it and wherever else in a line it stands.
import type { TouchLine } from '../../decoys/touch/schema.ts';

export const HIDDEN = '[hidden]';
/** Shorter secrets are hidden in their own field only: elsewhere they would hit by chance. */
const SHORTEST_CHARS = 4;
const DEPTH = 12;
/** Fields of `honeypod.credential` that tell the secret or let it be guessed at leisure. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['password', 'password_hash', 'scramble', 'hashcat']);
/** `Authorization: Basic …`, as a header line or inside a payload. */
const SECRET_HEADER =
  /(?<=^|[^a-z]|\\x0a)((?:proxy-)?authorization|cookie|x-api-key|x-vault-token|x-auth-token)(:\s?)[^\r\n\\]{1,4096}/gi;
/** `password=…` in a form, a query, JSON or SQL, and `IDENTIFIED BY '…'`. */
const SECRET_PARAMETER =
  /(?<=^|[^a-z]|\\x0a)(password|passwd|pwd|pass|secret|token|api_?key|identified by)(\s?(?:=|%3D|:|"\s?:|\\"\s?:)\s?|\s)((?:\\?["'])?)(?![=:"'\s])[^&"'\\\s;]{1,1024}/gi;

/** The line as it may be shown unasked; `others` are secrets of other lines that may stand in this one. */
export function masked(line: TouchLine, others: readonly string[] = []): TouchLine {
  const secrets = [line.honeypod.credential?.password, ...others].filter(
    (secret): secret is string => typeof secret === 'string' && secret.length >= SHORTEST_CHARS,
  );
  return walk(line, secrets, '', 0) as TouchLine;
}

function walk(value: unknown, secrets: readonly string[], key: string, depth: number): unknown {
  if (typeof value === 'string') return SECRET_FIELDS.has(key) && value !== '' ? HIDDEN : maskedText(value, secrets);
  if (typeof value !== 'object' || value === null || depth > DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => walk(item, secrets, key, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, secrets, name, depth + 1)]));
}

/** A text without these secrets, and without what headers and parameters of the usual names carry. */
export function maskedText(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, HIDDEN);
  return clean
    .replace(SECRET_HEADER, `$1$2${HIDDEN}`)
    .replace(SECRET_PARAMETER, (whole, name: string, sign: string, quote: string) =>
      // A blank alone says "secret" only before a quoted text: `IDENTIFIED BY 'x'`, not `pass through`.
      sign.trim() === '' && quote === '' ? whole : `${name}${sign}${quote}${HIDDEN}`,
    );
}
