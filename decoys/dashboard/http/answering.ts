// Answers on their way out of a connection: rendered, handed to the socket as fast as the client takes them, and what comes after.
import { ticksMs } from '../../touch/ticks.ts';
import { releaseBody } from './body.ts';
import { close } from './closing.ts';
import { type Conversation, DISCARDING, HEAD, SENDING } from './conversation.ts';
import { endsConnection, errorPage } from './error-page.ts';
import type { Head, HeadFailure } from './head.ts';
import * as limits from './limits.ts';
import { type Reply, renderHead } from './reply.ts';
import { answerTurn, type Turn } from './turn.ts';

const NO_BYTES = Buffer.alloc(0);
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

/** nginx's own page for a request it has read the head of. */
export function pageFor(status: number, { line, known }: Head): Reply {
  return errorPage(status, { userAgent: known.get('user-agent'), version: line.version });
}

/** Tells a client that waits for it to send its body. */
export function goOn({ socket }: Conversation, current: Turn): void {
  const { head } = current;
  if (current.continued || head.line.version < 1001) return;
  if (head.known.get('expect')?.toLowerCase() !== '100-continue') return;
  current.continued = true;
  socket.write(CONTINUE, 'latin1');
}

/** `statusText` is what the application said. */
export function send(conversation: Conversation, current: Turn, reply: Reply, statusText?: string): void {
  const { account, context, outbox } = conversation;
  const { head } = current;
  // An upstream's own error says nothing about the connection to the client.
  if (statusText === undefined && endsConnection(reply.status)) current.keepAlive = false;
  const text = head.line.version === 9 ? '' : renderHead(reply, context.date(), current.keepAlive, statusText);
  if (reply.closes) {
    current.keepAlive = false;
    current.bodyDone = true;
    current.abrupt = true;
  }
  answerTurn(current, reply, text.length);
  outbox.put(text, reply, head.line.method === 'HEAD');
  if (current.bodyDone) account.exchanged(current);
  push(conversation);
}

/** Sends an answer after which nothing more is read. */
export function sendLast(conversation: Conversation, current: Turn, reply: Reply): void {
  current.keepAlive = false;
  current.bodyDone = true;
  send(conversation, current, reply);
}

/** Hands what is left of an answer to the socket; false where the client has to take some of it first. */
export function push(conversation: Conversation): boolean {
  if (!conversation.outbox.push()) {
    conversation.mode = SENDING;
    conversation.expiresIn(limits.SEND_TIMEOUT_MS);
    return false;
  }
  sent(conversation);
  return true;
}

/** The answer is out. */
function sent(conversation: Conversation): void {
  if (conversation.turn!.bodyDone) {
    finishTurn(conversation);
    return;
  }
  conversation.mode = DISCARDING;
  conversation.lingerUntil = ticksMs() + limits.LINGERING_MS;
  conversation.expiresIn(limits.LINGERING_SILENCE_MS);
  conversation.events.sooner(conversation.lookAt());
}

/** The request is over: on to the next one, or to the end. */
export function finishTurn(conversation: Conversation): void {
  const { account, context, gauge, intake, outbox, socket } = conversation;
  const current = conversation.turn!;
  account.exchanged(current);
  if (!current.keepAlive) {
    close(conversation, intake.bytes.length > 0 && !current.abrupt);
    return;
  }
  releaseBody(current.body, context.budget);
  conversation.turn = undefined;
  conversation.begun = false;
  intake.next(current.head.bytes + current.body.bytes);
  conversation.mode = HEAD;
  gauge.idle();
  outbox.atOnce();
  socket.resume();
  conversation.expiresIn(limits.KEEPALIVE_TIMEOUT_MS);
}

/** Answers what is no request. */
export function refuse(conversation: Conversation, failure: HeadFailure): void {
  const { account, context, intake, socket } = conversation;
  const version = failure.line?.version ?? 1000;
  const reply = errorPage(failure.status, { userAgent: failure.known.get('user-agent'), version });
  const text = version === 9 ? '' : renderHead(reply, context.date(), false);
  const body = failure.bodiless ? NO_BYTES : reply.body[0]!;
  socket.write(Buffer.concat([Buffer.from(text, 'latin1'), body]));
  account.refused(failure, intake.bytes, text.length + body.length);
  // Unread bytes make nginx linger; so does a buffer that was read full.
  close(conversation, failure.unread || intake.bytes.length > failure.at || intake.isFull());
}
