// Many touch lines of one decoy, cheap to make: one line of the decoys' own recorder with what differs put in.
import { uuidv7 } from '../../decoys/touch/uuid.ts';
import { type TouchTextOptions, touchText } from './touch-text.ts';

export interface StreamOptions extends TouchTextOptions {
  /** Source of touch number `at`. */
  readonly sourceOf: (at: number) => string;
}

const IP = '198.51.100.254';

/** Gives line number 0, 1, 2 …, each with its newline, an id and a sequence of its own. */
export function touchStream({ sourceOf, ...options }: StreamOptions): () => string {
  const text = touchText({ ...options, ip: IP });
  const { event } = JSON.parse(text) as { event: { id: string; sequence: number } };
  const [head = '', rest = ''] = text.split(`"id":"${event.id}","sequence":${event.sequence}`);
  let at = 0;
  return () => {
    const ip = sourceOf(at);
    at += 1;
    return `${head.replaceAll(IP, ip)}"id":"${uuidv7(Date.now())}","sequence":${at}${rest.replaceAll(IP, ip)}\n`;
  };
}
