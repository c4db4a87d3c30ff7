// What a source made of its server's replication: channels it named, and filters.
// Source: https://dev.mysql.com/doc/refman/9.7/en/change-replication-source-to.html. Nothing is ever connected to.

/** Channels of one source; the server's own limit is 256. */
export const MAX_CHANNELS = 16;
const OPTION_BYTES = 64;
export interface Channel {
  readonly name: string;
  /** Options of CHANGE REPLICATION SOURCE in upper case, as text. */
  readonly options: Map<string, string>;
  receives: boolean;
  applies: boolean;
}

export class Replication {
  readonly channels = new Map<string, Channel>();
  /** Filters by name, and what each lists. */
  readonly filters = new Map<string, { readonly rule: string; readonly sinceMs: number }>();

  /** What it keeps, in bytes, about. */
  get bytes(): number {
    let bytes = 0;
    for (const { options } of this.channels.values())
      for (const [name, value] of options) bytes += OPTION_BYTES + name.length + value.length;
    for (const { rule } of this.filters.values()) bytes += OPTION_BYTES + rule.length;
    return bytes;
  }

  /** Makes the channel `name`; undefined where there are too many. */
  channel(name: string): Channel | undefined {
    const known = this.channels.get(name);
    if (known || this.channels.size >= MAX_CHANNELS) return known;
    const made: Channel = { name, options: new Map(), receives: false, applies: false };
    this.channels.set(name, made);
    return made;
  }
}
