// The user name and password in a login's body: JSON, a form, or neither.
import type { AppRequest } from './endpoint.ts';

export interface LoginAttempt {
  readonly user?: string;
  readonly password?: string;
}

/** A login needs no more; a longer body is malformed. */
const LOGIN_BYTES = 8 * 1024;
const USER_FIELDS = ['username', 'user', 'email', 'login', 'name'];
const PASSWORD_FIELDS = ['password', 'pass', 'passwd', 'pwd', 'secret'];

/** Undefined where the body is neither a JSON object nor a form. */
export function readLogin({ body, bodyBytes }: AppRequest): LoginAttempt | undefined {
  if (bodyBytes === 0 || bodyBytes > LOGIN_BYTES) return undefined;
  const text = body.toString('utf8');
  const fields = text.trimStart().startsWith('{') ? fromJson(text) : fromForm(text);
  if (fields === undefined) return undefined;
  const user = first(fields, USER_FIELDS);
  const password = first(fields, PASSWORD_FIELDS);
  if (user === undefined && password === undefined) return undefined;
  return { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
}

function fromJson(text: string): Map<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== 'object') return undefined;
    return new Map(
      Object.entries(value).map(([name, item]) => [
        name.toLowerCase(),
        typeof item === 'string' ? item : (JSON.stringify(item) ?? ''),
      ]),
    );
  } catch {
    // What is no JSON is answered as malformed.
    return undefined;
  }
}

function fromForm(text: string): Map<string, string> | undefined {
  if (!text.includes('=')) return undefined;
  return new Map([...new URLSearchParams(text)].map(([name, value]) => [name.toLowerCase(), value]));
}

function first(fields: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
