// How a connection ends, the way nginx ends it: at once, after its last bytes, or lingering over what the client still sends.
import { ticksMs } from '../../touch/ticks.ts';
import { letGo } from '../reading.ts';
import { releaseBody } from './body.ts';
import { CLOSED, type Conversation, HEAD, LINGERING } from './conversation.ts';
import type { Ending } from './exchange.ts';
import * as limits from './limits.ts';

const NO_BYTES = Buffer.alloc(0);

/** Closes it at once and records what was half done. */
export function drop(conversation: Conversation, ending: Ending): void {
  const { account, intake, mode, openedAt, received, socket, turn } = conversation;
  if (mode === CLOSED) return;
  const pending = mode === HEAD ? intake.bytes : NO_BYTES;
  const silentMs = received === 0 ? ticksMs() - openedAt : undefined;
  account.ended(ending, turn, pending, silentMs);
  giveBack(conversation);
  socket.destroy();
}

/** Ends our side; with `linger`, what the client still sends is read and dropped for a while. */
export function close(conversation: Conversation, linger: boolean): void {
  const { account, socket, turn } = conversation;
  if (turn) account.exchanged(turn);
  if (linger && !conversation.halfClosed) {
    lingerOn(conversation);
    return;
  }
  giveBack(conversation);
  if (socket.writableLength === 0) socket.destroy();
  else {
    // Whoever does not take the last bytes is not waited for longer than between any two writes.
    socket.setTimeout(limits.SEND_TIMEOUT_MS, () => socket.destroy());
    socket.destroySoon();
  }
}

function lingerOn(conversation: Conversation): void {
  const { gauge, intake, socket } = conversation;
  intake.drop();
  conversation.mode = LINGERING;
  gauge.lingering();
  conversation.lingerUntil = ticksMs() + limits.LINGERING_MS;
  conversation.expiresIn(limits.LINGERING_SILENCE_MS);
  socket.end();
  socket.resume();
}

/** Gives back what the connection held; once. */
function giveBack(conversation: Conversation): void {
  const { asking, context, gauge, intake, outbox, socket, turn } = conversation;
  conversation.mode = CLOSED;
  asking?.abort();
  gauge.gone();
  if (turn) releaseBody(turn.body, context.budget);
  outbox.clear();
  intake.drop();
  conversation.settle();
  conversation.turn = undefined;
  letGo(socket);
  conversation.closed();
}
