// What no answer may hold: a word that says what answers, or a piece of a stack.
const TELLING = /honeypod|decoy|node:internal|\n {4}at \S+ \(/i;
const AROUND = 80;

/** The part of an answer that tells too much, with what stands around it. */
export function tellingPart(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1');
  const found = TELLING.exec(text);
  if (!found) return undefined;
  return `an answer tells too much: ${JSON.stringify(text.slice(Math.max(0, found.index - AROUND), found.index + AROUND))}`;
}
