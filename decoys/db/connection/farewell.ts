// How a connection ends on the server's side: the error that is told, the touch of what was broken or never said, and the close.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html; errors as recorded from 9.7.
import type { Session } from '../session/session.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Touches } from '../touches.ts';
import { CLIENT } from '../wire/constants.ts';
import type { Channel, Received } from './channel.ts';
import { toldError } from './results.ts';
import { describeStranger } from './stranger.ts';
import type { TlsClient } from './tls-layer.ts';

/** What a connection lends its end. */
export interface FarewellContext {
  readonly channel: Channel;
  readonly session: Session;
  readonly touches: Touches;
  readonly now: () => number;
  /** Ends the wait of a command under way. */
  readonly interrupt: () => void;
}

export class Farewell {
  readonly #lent: FarewellContext;
  /** The server said goodbye: what still comes is not looked at. */
  said = false;

  constructor(lent: FarewellContext) {
    this.#lent = lent;
  }

  /** What was said goes out, then the socket closes at once, as the server closes it; nothing more is read. */
  end(): void {
    const { channel, interrupt } = this.#lent;
    if (channel.closed) return;
    channel.write();
    this.said = true;
    channel.socket.pause();
    channel.socket.destroySoon();
    interrupt();
  }

  /** Tells an error and closes. */
  refuse(error: SqlError): void {
    const { channel, session } = this.#lent;
    channel.reply.error(toldError(session, error));
    channel.write();
    this.end();
  }

  /** Tells an error that answers no message of its own, and closes. */
  refuseUnanswered(error: SqlError): void {
    const { reply, expected } = this.#lent.channel;
    reply.capabilities |= CLIENT.PROTOCOL_41;
    reply.sequence = expected;
    this.refuse(error);
  }

  /** Refuses bytes that make no message; `stranger` where the client may speak something else altogether. */
  refuseBroken({ bytes, reason, error }: Extract<Received, { kind: 'refused' }>, stranger: boolean): void {
    const { channel, touches, now } = this.#lent;
    const told = stranger ? describeStranger(bytes) : undefined;
    const { code } = error;
    touches.malformed(now(), bytes, told?.reason ?? reason, { application: told?.application, code });
    channel.reply.capabilities |= CLIENT.PROTOCOL_41;
    this.refuse(error);
  }

  /** A TLS handshake that came to nothing is answered in the clear, as a login that makes no sense. */
  refuseHandshake(first: Buffer, client: TlsClient | undefined): void {
    const { touches, now } = this.#lent;
    const error = sqlError('ER_HANDSHAKE_ERROR');
    touches.malformed(now(), first, 'no TLS where it was asked for', {
      code: error.code,
      tls: client && { established: false, version_protocol: 'tls', client },
    });
    this.refuseUnanswered(error);
  }

  /** A touch of bytes that never became a message. */
  recordRest(): void {
    const { channel, touches, now } = this.#lent;
    const rest = channel.unfinished();
    if (!rest) return;
    const { reason, application } = describeStranger(rest);
    touches.malformed(now(), rest, reason ?? 'closed inside a packet', { application });
  }

  /** A connection that has left no touch so far leaves one of itself. */
  recordSilence(reason: string): void {
    const { touches, now } = this.#lent;
    if (touches.count === 0) touches.connect(now(), reason);
  }
}
