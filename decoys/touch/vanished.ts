// A connection whose client reset it before we looked (nmap -sT does): accepted, so it happened, but the kernel names no peer any more.
import type { Touch } from './touch.ts';

const TCP = 6;

/** The touch of such a connection to `port`; its source is unknown, as with everything only counters see. */
export function vanishedTouch(port: number, at: number): Touch {
  return {
    action: 'tcp-connect',
    at,
    outcome: 'unknown',
    reason: 'reset before its source could be read',
    destination: { ip: '', port },
    protocol: TCP,
    foldKey: `vanished ${port}`,
    message: `connected to port ${port} and reset at once; the source is unknown`,
  };
}
