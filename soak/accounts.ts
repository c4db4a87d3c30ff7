// At the end: every line is what the schema says, no number is missing, and what arrived, what lines tell and what `alerts` counted agree.

import { setTimeout as delay } from 'node:timers/promises';
import { createBooks, type DecoyBooks } from '../fuzz/books.ts';
import { linesOf, type RunningAlerts, type RunningDecoy } from './product.ts';

const READ_MS = 30_000;

export interface Account {
  readonly name: string;
  readonly touches: number;
  readonly lines: number;
  readonly lost: number;
  /** What does not agree, or an empty string. */
  readonly problem: string;
}

const sum = (counts: Iterable<number>) => [...counts].reduce((all, one) => all + one, 0);

/** `arrived`: packets its kernel received; only app accounts for each. */
export function accountOf({ name, log }: RunningDecoy, arrived: number): Account & { readonly books: DecoyBooks } {
  const books = createBooks([]);
  let problem = '';
  const lines = linesOf(log);
  try {
    for (const line of lines) books.line(line);
    books.settle();
    const { ignored = {}, unseen = {} } = books.last ?? {};
    const accounted = books.told + books.lost + sum(Object.values(ignored)) + sum(Object.values(unseen));
    if (name === 'app' && accounted !== arrived) problem = `${arrived} packets received, ${accounted} accounted for`;
  } catch (error) {
    problem = (error as Error).message.slice(0, 500);
  }
  return { name, touches: books.last?.touches ?? 0, lines: lines.length, lost: books.lost, problem, books };
}

/** Waits until `alerts` has read all lines there are; then its counters must agree with the decoys' lines. */
export async function accountOfAlerts(
  alerts: RunningAlerts,
  decoys: readonly (Account & { books: DecoyBooks })[],
): Promise<Account> {
  const lines = sum(decoys.map((account) => account.lines));
  const read = async () => alerts.counter('honeypods_lines_total');
  let counted = await read();
  for (const until = Date.now() + READ_MS; sum(counted.values()) < lines && Date.now() < until; await delay(200))
    counted = await read();
  const touches = await alerts.counter('honeypods_touches_total');
  const problems: string[] = [];
  if (sum(counted.values()) !== lines) problems.push(`${lines} lines written, ${sum(counted.values())} read`);
  for (const kind of ['foreign', 'repeated']) {
    const count = counted.get(`kind="${kind}"`) ?? 0;
    if (count > 0) problems.push(`${count} lines ${kind}`);
  }
  for (const { name, books } of decoys) {
    const own = touches.get(`decoy="${name}"`) ?? 0;
    if (own !== books.told + books.unseen)
      problems.push(`${name}: lines tell ${books.told + books.unseen} touches, alerts counted ${own}`);
  }
  return { name: 'alerts', touches: sum(touches.values()), lines, lost: 0, problem: problems.join('; ') };
}
