// A client that comes while others fill the queue before what answers it is loaded: hung up on, and told of.
import type { Socket } from 'node:net';
import { plainAddress } from '../touch/plain-address.ts';
import { PRIORITY, type Touch } from '../touch/touch.ts';
import { vanishedTouch } from '../touch/vanished.ts';

const TCP = 6;

/** The touch of a connection to `port` that nobody took; `at` is in ms since the epoch. */
export function turnedAwayTouch(socket: Socket, port: number, at: number): Touch {
  const { remoteAddress, remotePort = 0, localAddress } = socket;
  if (remoteAddress === undefined) return vanishedTouch(port, at);
  const ip = plainAddress(remoteAddress);
  return {
    action: 'tcp-connect',
    at,
    reason: 'more connections than wait for the server to start',
    source: { ip, port: remotePort },
    destination: { ip: plainAddress(localAddress), port },
    protocol: TCP,
    application: 'mysql',
    priority: PRIORITY.completed,
    message: `connection from ${ip}, turned away`,
  };
}
