// A decoy's books: what its lines add up to, against what its heartbeats say and what a client of ours knows it sent.
import type { TouchLine } from '../decoys/touch/schema.ts';
import { parseLine } from '../test/harness/lines.ts';
import { Finding } from './target.ts';

export interface DecoyBooks {
  /** Takes a line; throws where it is not what the schema says or its sequence number is not the next. */
  line(text: string): void;
  readonly lines: number;
  /** Touches in lines, lines of what was only counted left out. */
  readonly told: number;
  /** Touches in lines of what no socket saw. */
  readonly unseen: number;
  readonly lost: number;
  /** The last heartbeat. */
  readonly last: TouchLine['honeypod'] | undefined;
  /** Touches of one source. */
  of(ip: string): number;
  /** The same by what they were. */
  byAction(ip: string): ReadonlyMap<string, number>;
  /** Throws where lines, losses and the last heartbeat do not agree. */
  settle(): void;
}

/** Sources whose touches are counted apart. */
export function createBooks(sources: readonly string[]): DecoyBooks {
  const bySource = new Map(sources.map((ip) => [ip, new Map<string, number>()]));
  let lines = 0;
  let told = 0;
  let unseen = 0;
  let lost = 0;
  let last: TouchLine['honeypod'] | undefined;
  return {
    line(text) {
      const line = parseLine(text);
      if (/honeypod/i.test(line.message)) throw new Finding(`a message that says what this is: ${line.message}`);
      lines += 1;
      if (line.event.sequence !== lines) throw new Finding(`line ${lines} has sequence ${line.event.sequence}`);
      const count = line.honeypod.count ?? 0;
      lost += line.honeypod.lost ?? 0;
      if (line.event.kind === 'metric') last = line.honeypod;
      else if (line.honeypod.unseen) unseen += count;
      else told += count;
      const { action, kind } = line.event;
      const own = bySource.get(line.source?.ip ?? '');
      if (kind === 'event') own?.set(action, (own.get(action) ?? 0) + count);
    },
    get lines() {
      return lines;
    },
    get told() {
      return told;
    },
    get unseen() {
      return unseen;
    },
    get lost() {
      return lost;
    },
    get last() {
      return last;
    },
    of: (ip) => [...(bySource.get(ip)?.values() ?? [])].reduce((sum, count) => sum + count, 0),
    byAction: (ip) => bySource.get(ip) ?? new Map(),
    settle() {
      // What the kernel dropped is lost without having been a touch; a line that found no room was one.
      const touches = last?.touches ?? 0;
      const [least, most] = [told + unseen, told + unseen + lost];
      if (touches < least || touches > most)
        throw new Finding(`lines tell ${least} touches and ${lost} lost, but the last heartbeat has ${touches}`);
    },
  };
}
