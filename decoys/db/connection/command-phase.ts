// The command phase of one client: each message is a command, run one after the other; a reply may take its time, and a KILL ends that.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html
import { IDLE_TIMEOUT_MS } from '../limits.ts';
import type { Session } from '../session/session.ts';
import type { SqlError } from '../sql/errors.ts';
import type { Touches } from '../touches.ts';
import { COMMANDS } from '../wire/constants.ts';
import type { Message } from '../wire/message-reader.ts';
import type { Channel } from './channel.ts';
import type { CommandContext } from './command-context.ts';
import { countCommand, runCommand } from './commands.ts';
import { PreparedStatements } from './prepared.ts';
import { type Deadline, Delay } from './waits.ts';

const COM_QUIT = COMMANDS.indexOf('COM_QUIT');
const COM_QUERY = COMMANDS.indexOf('COM_QUERY');

/** What a connection lends its command phase. */
export interface CommandPhaseContext {
  readonly session: Session;
  readonly channel: Channel;
  readonly touches: Touches;
  /** How long the client may stay silent. */
  readonly deadline: Deadline;
  readonly now: () => number;
  readonly random: () => number;
  readonly end: () => void;
  /** Tells an error and closes. */
  readonly refuse: (error: SqlError) => void;
  readonly changeUser: (payload: Buffer) => void;
  /** A command that took its time was answered: more may be read. */
  readonly goOn: () => void;
}

export class CommandPhase {
  /** A command is under way. */
  busy = false;
  /** The client said that it leaves. */
  saidGoodbye = false;
  readonly prepared: PreparedStatements;
  readonly #lent: CommandPhaseContext;
  readonly #context: CommandContext;
  readonly #delay = new Delay();

  constructor(lent: CommandPhaseContext) {
    this.#lent = lent;
    const { session, channel, touches, now, random, end, changeUser } = lent;
    this.prepared = new PreparedStatements(session);
    this.#context = {
      session,
      reply: channel.reply,
      touches,
      prepared: this.prepared,
      capabilities: 0,
      repeatable: undefined,
      now,
      random,
      part: () => channel.writePart(),
      flush: (delayMs, awoken) => this.#flush(delayMs, awoken),
      say: (reply) => channel.send(reply),
      end,
      changeUser,
    };
  }

  /** What the client said it can, of which COM_SET_OPTION changes a part. */
  get capabilities(): number {
    return this.#context.capabilities;
  }

  /** A client is let in: its commands are read from now on. */
  open(capabilities: number): void {
    this.#context.capabilities = capabilities;
    this.#lent.channel.readCommands();
    this.#lent.channel.beginAnew();
    this.#ended();
  }

  /** Runs the next command. */
  message(message: Message): void {
    const { session, channel, end, refuse, now, goOn } = this.#lent;
    const code = message.payload[0];
    channel.expectCommand();
    countCommand(session, code);
    if (code === COM_QUIT) {
      this.saidGoodbye = true;
      end();
      return;
    }
    if (session.aborted) {
      refuse(session.aborted);
      return;
    }
    this.busy = true;
    session.command = code === COM_QUERY ? 'Query' : 'Execute';
    session.commandMs = now();
    channel.reply.metadata = session.variables.get('resultset_metadata') !== 'NONE';
    const done = runCommand(this.#context, message);
    if (!done) {
      this.#answered();
      return;
    }
    done
      .then(() => {
        this.#answered();
        goOn();
      })
      .catch((error: unknown) => {
        process.stderr.write(`db: a command could not be answered: ${String(error)}\n`);
        channel.socket.destroy();
      });
  }

  #answered(): void {
    const { channel } = this.#lent;
    this.busy = false;
    if (channel.closed) return;
    channel.write();
    if (!channel.countsOn) channel.beginAnew();
    this.#ended();
  }

  #ended(): void {
    const { session, deadline, now } = this.#lent;
    session.command = 'Sleep';
    session.info = null;
    session.commandMs = now();
    session.state = '';
    deadline.arm(Math.min(IDLE_TIMEOUT_MS, session.idleSeconds() * 1000));
  }

  /** Sends what is written, after a while; a KILL or a lost client ends the wait. */
  async #flush(delayMs: number, awoken?: () => void): Promise<boolean> {
    const { channel, deadline } = this.#lent;
    if (delayMs > 0) {
      deadline.clear();
      const completed = await this.#delay.wait(delayMs, awoken !== undefined);
      if (!completed) {
        if (!channel.closed) interrupted(channel, awoken);
        return false;
      }
    }
    channel.write();
    return true;
  }

  /** Ends a wait under way. */
  interrupt(): void {
    this.#delay.interrupt();
  }

  /** The client will send nothing more: who waits for it need not, and who sleeps finds out in time. */
  left(): void {
    this.#delay.left();
  }
}

/** In place of the reply that was held back. */
function interrupted({ reply }: Channel, awoken?: () => void): void {
  reply.out.take();
  reply.sequence = 1;
  if (awoken) awoken();
  else reply.error({ code: 1317, sqlstate: '70100', message: 'Query execution was interrupted' });
}
