// A text's letters in another case, and in another order, letter by letter as the server changes them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html; letters of several as answered by a live 9.7.4.

/** A letter, or a text, in upper case, as UPPER has it. */
export const upperCase = (letter: string): string => letter.toUpperCase();

/** A letter, or a text, in lower case, as LOWER has it: of the dotted I only the letter stays. */
export const lowerCase = (letter: string): string => (letter === '\u0130' ? 'i' : letter.toLowerCase());

/** Bytes turned round that cost one step. */
export const REVERSED_BYTES_A_STEP = 16;
const SURROGATE_PAIRS = /[\udc00-\udfff][\ud800-\udbff]/g;
/** The last character first; pairs of surrogates stay pairs. */
export function reversed(value: string): string {
  const units = Buffer.from(value, 'utf16le');
  return units
    .swap16()
    .reverse()
    .toString('utf16le')
    .replace(SURROGATE_PAIRS, (pair) => (pair[1] as string) + pair[0]);
}

/** Letters changed together. */
const LETTERS_AT_ONCE = 256;
/** Letters whose other case depends on what stands beside them, or is several. */
const UNLIKE = /[\u0130\u03a3\u00df\u0149\u01f0\u0390\u03b0\u0587\u1e96-\u1e9a\u1f50-\u1fff\ufb00-\ufb17]/;

/** Case by single characters: one whose other case is longer stays as it is. */
export function letterByLetter(value: string, change: (letter: string) => string): string {
  if (/^[\0-\x7f]*$/.test(value)) return change(value);
  if (value.length > LETTERS_AT_ONCE) {
    const parts: string[] = [];
    for (let at = 0; at < value.length; ) {
      // A pair of surrogates is one letter.
      const cut =
        (value.charCodeAt(at + LETTERS_AT_ONCE - 1) & 0xfc00) === 0xd800 ? LETTERS_AT_ONCE - 1 : LETTERS_AT_ONCE;
      parts.push(letterByLetter(value.slice(at, at + cut), change));
      at += cut;
    }
    return parts.join('');
  }
  const whole = change(value);
  // Nearly always each letter has one other: then the text as a whole has as many.
  if (whole.length === value.length && !UNLIKE.test(value)) return whole;
  return [...value]
    .map((letter) => {
      const changed = change(letter);
      return [...changed].length === 1 ? changed : letter;
    })
    .join('');
}
