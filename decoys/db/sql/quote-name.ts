// A name as the server writes it where it quotes names.
// Source: https://dev.mysql.com/doc/refman/9.7/en/identifiers.html

/** A name in backticks, its own doubled. */
export function quoteName(name: string): string {
  return `\`${name.replace(/`/g, '``')}\``;
}
