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
  /\b((?:proxy-)?authorization|cookie|x-api-key|x-vault-token|x-auth-token)(:\s?)[^\r\n\\]{1,4096}/gi;
/** `password=…` in a form, a query or JSON. */
const SECRET_PARAMETER =
  /\b(password|passwd|pwd|pass|secret|token|api_?key)(=|%3D|"\s?:\s?"|\\"\s?:\s?\\")[^&"\\\s;]{1,1024}/gi;

/** The line as it may be shown unasked. */
export function masked(line: TouchLine): TouchLine {
  const secrets = [line.honeypod.credential?.password].filter(
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
  return clean.replace(SECRET_HEADER, `$1$2${HIDDEN}`).replace(SECRET_PARAMETER, `$1$2${HIDDEN}`);
}

/** Whether masking hides anything of this line. */
export function hidesSomething(line: TouchLine): boolean {
  return JSON.stringify(masked(line)) !== JSON.stringify(line);
}
