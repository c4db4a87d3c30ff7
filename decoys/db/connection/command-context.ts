// What a connection lends the commands it runs, and the shape of a command's handler.
import type { Session } from '../session/session.ts';
import type { Touches } from '../touches.ts';
import type { Message } from '../wire/message-reader.ts';
import type { ReplyWriter } from '../wire/replies.ts';
import type { PreparedStatements } from './prepared.ts';
import type { Repeatable } from './repeatable.ts';

/** What a connection lends its commands. */
export interface CommandContext {
  readonly session: Session;
  readonly reply: ReplyWriter;
  readonly touches: Touches;
  readonly prepared: PreparedStatements;
  capabilities: number;
  /** The statement before this one, where its reply can be given again. */
  repeatable: Repeatable | undefined;
  readonly now: () => number;
  readonly random: () => number;
  /** Sends what is written so far of a long reply. */
  readonly part: () => void;
  /**
   * Sends what the reply writer holds, after `delayMs`; resolves false where the connection or its statement ended meanwhile.
   * `awoken` writes what a sleep that is interrupted tells in its place.
   */
  readonly flush: (delayMs: number, awoken?: () => void) => Promise<boolean>;
  /** Sends a reply that was made before. */
  readonly say: (reply: Buffer) => void;
  readonly end: () => void;
  readonly changeUser: (payload: Buffer) => void;
}

/** Writes the reply; gives a promise only where it waits for something. */
export type Handler = (c: CommandContext, payload: Buffer, message: Message) => Promise<void> | void;
