// The host of a request, from the Host header or an absolute target: which are refused and what is left of them.
import { COLON, DEL, DOT, SLASH, SPACE } from './characters.ts';

const UPPER = /[A-Z]/;

/**
 * The name without port, lowercased, as redirects repeat it; undefined where nginx answers 400. A trailing dot goes.
 */
export function hostName(value: string): string | undefined {
  if (value === '') return undefined;
  let end = value.length;
  let colon = -1;
  let inLiteral = false;
  let literalEnd = -1;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === DOT) {
      if (value.charCodeAt(at + 1) === DOT) return undefined;
    } else if (code === COLON) {
      if (!inLiteral && colon === -1) colon = at;
    } else if (code === 0x5b) {
      if (at === 0) inLiteral = true;
    } else if (code === 0x5d) {
      // Whatever follows an IPv6 literal is looked at and left out.
      if (inLiteral && literalEnd === -1) literalEnd = at + 1;
      inLiteral = false;
    } else if (code === SLASH || code <= SPACE || code === DEL) return undefined;
  }
  if (literalEnd !== -1) end = literalEnd;
  else if (colon !== -1) end = colon;
  if (value.charCodeAt(end - 1) === DOT) end--;
  if (end <= 0) return undefined;
  const name = value.slice(0, end);
  return UPPER.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name;
}
