// One client from greeting to goodbye: messages, login, commands, replies; every way it can end leaves a touch.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_lifecycle.html
import type { Socket } from 'node:net';
import type { Recorder } from '../../touch/recorder.ts';
import type { ServerKeys } from '../auth/keys.ts';
import { countRead } from '../garbage.ts';
import {
  LOGIN_TIMEOUT_MS,
  MAX_CONNECTIONS,
  READ_AHEAD_BYTES,
  SILENT_CONNECT_MS,
  UNSENT_REPLY_BYTES,
  WRITE_TIMEOUT_MS,
} from '../limits.ts';
import type { Overlay } from '../overlay/overlay.ts';
import type { ServerState } from '../session/server-state.ts';
import type { Session } from '../session/session.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Touches } from '../touches.ts';
import { inTurn, spendTurn, turnIsOver } from '../turn.ts';
import { CLIENT } from '../wire/constants.ts';
import { greeting } from '../wire/greeting.ts';
import type { Login } from '../wire/login.ts';
import type { MessageBudget } from '../wire/message-reader.ts';
import { schemaChange } from '../wire/session-track.ts';
import { arrive } from './arrival.ts';
import { Channel, type Received } from './channel.ts';
import { CommandPhase } from './command-phase.ts';
import { LoginPhase } from './login-phase.ts';
import { toldError } from './results.ts';
import { describeStranger } from './stranger.ts';
import { openTls, secured, type TlsLayer } from './tls-layer.ts';
import type { UnsentReplies } from './unsent.ts';
import { Deadline } from './waits.ts';

/** What zlib is asked for where the client names no level. */
const ZLIB_LEVEL = 6;

export interface ConnectionDeps {
  readonly server: ServerState;
  readonly keys: ServerKeys;
  readonly recorder: Recorder;
  readonly budget: MessageBudget;
  readonly unsent: UnsentReplies;
  readonly now: () => number;
  readonly random: () => number;
}

type Phase = 'login' | 'waiting' | 'command' | 'closed';

export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #touches: Touches;
  readonly #session: Session;
  readonly #overlay: Overlay;
  readonly #channel: Channel;
  readonly #login: LoginPhase;
  readonly #commands: CommandPhase;
  readonly #deadline = new Deadline(() => this.#timedOut());
  readonly #silence = new Deadline(() => this.#recordSilence('no bytes yet'));
  readonly #onEnd: () => void;
  #phase: Phase = 'login';
  #tls: TlsLayer | undefined;
  #spoke = false;
  /** Its login was accepted. */
  #letIn = false;
  /** Others have their turn before the next message is read. */
  #yielding = false;
  /** The client will send nothing more. */
  #clientEnded = false;
  /** Bytes booked that came while nothing was read. */
  #ahead = 0;
  /** Said goodbye: what still comes is not looked at. */
  #ending = false;

  constructor(socket: Socket, deps: ConnectionDeps, onEnd: () => void) {
    this.#deps = deps;
    this.#onEnd = onEnd;
    const { server } = deps;
    const openedMs = deps.now();
    const { overlay, session, touches } = arrive(socket, server, deps.recorder, openedMs);
    this.#overlay = overlay;
    this.#session = session;
    this.#touches = touches;
    this.#channel = new Channel(socket, {
      budget: deps.budget,
      unsent: deps.unsent,
      count: (name, by) => server.count(name, by),
    });
    this.#login = this.#makeLogin();
    this.#commands = this.#makeCommands();
    session.kill = (query) => {
      this.#commands.interrupt();
      if (!query) this.#channel.socket.destroy();
    };
    this.#listen(socket);
    this.#silence.arm(SILENT_CONNECT_MS);
    this.#deadline.arm(LOGIN_TIMEOUT_MS);
    if (overlay.downUntilMs > openedMs) {
      socket.destroy();
      return;
    }
    if (overlay.connections > MAX_CONNECTIONS + 1) {
      touches.connect(openedMs, 'more connections than the server takes');
      this.#refuse(sqlError('ER_CON_COUNT_ERROR'));
      return;
    }
    this.#channel.reply.packet(greeting(session.version(), this.id, this.#login.salt));
    this.#channel.write();
  }

  get id(): number {
    return this.#session.connectionId;
  }

  #makeLogin(): LoginPhase {
    return new LoginPhase({
      server: this.#deps.server,
      session: this.#session,
      overlay: this.#overlay,
      keys: this.#deps.keys,
      reply: this.#channel.reply,
      touches: this.#touches,
      now: this.#deps.now,
      write: () => this.#channel.write(),
      refuse: (error) => this.#refuse(error),
      later: (promise, then) => this.#later(promise, then),
      startTls: () => this.#startTls(),
      accepted: (login, changed) => this.#accepted(login, changed),
    });
  }

  #makeCommands(): CommandPhase {
    return new CommandPhase({
      session: this.#session,
      channel: this.#channel,
      touches: this.#touches,
      deadline: this.#deadline,
      now: this.#deps.now,
      random: this.#deps.random,
      end: () => this.#end(),
      changeUser: (payload) => this.#changeUser(payload),
      goOn: () => this.#pump(),
    });
  }

  /** Nothing is read: a command is under way, or others have their turn. */
  get #busy(): boolean {
    return this.#yielding || this.#commands.busy;
  }

  #listen(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#delivered(chunk));
    socket.on('end', () => (this.#tls ? this.#tls.ended() : this.#clientLeft()));
    socket.on('close', () => this.#closed());
    socket.on('drain', () => this.#pump());
  }

  #delivered(chunk: Buffer): void {
    countRead(chunk.length);
    if (this.#busy && !this.#takesAhead(chunk.length)) return;
    if (this.#tls) this.#deliveredToTls(this.#tls, chunk);
    else this.#received(chunk);
  }

  /** What comes before the last command is answered waits, in bounds over all: who sends more is hung up on. */
  #takesAhead(bytes: number): boolean {
    if (!this.#deps.budget.book(bytes)) {
      this.#channel.socket.destroy();
      return false;
    }
    this.#ahead += bytes;
    return true;
  }

  #notAhead(): void {
    if (this.#ahead === 0) return;
    this.#deps.budget.release(this.#ahead);
    this.#ahead = 0;
  }

  /** Records cost: a handshake a signature. They are read in turn too. */
  #deliveredToTls(tls: TlsLayer, chunk: Buffer): void {
    if (!turnIsOver()) {
      const begunMs = performance.now();
      tls.received(chunk);
      spendTurn(performance.now() - begunMs);
      return;
    }
    const raw = tls.raw;
    raw.pause();
    inTurn(this.#session.address, () => {
      raw.resume();
      this.#deliveredToTls(tls, chunk);
    });
  }

  #received(chunk: Buffer): void {
    if (this.#ending) return;
    if (!this.#spoke) {
      this.#spoke = true;
      this.#silence.clear();
    }
    this.#channel.push(chunk);
    this.#pump();
  }

  /** Takes messages while there are any and nothing is under way. */
  #pump(): void {
    const channel = this.#channel;
    if (!this.#busy) this.#notAhead();
    while (!this.#busy && !this.#ending && this.#phase !== 'closed' && this.#phase !== 'waiting') {
      const { socket } = channel;
      if (socket.writableLength > UNSENT_REPLY_BYTES) {
        socket.pause();
        this.#deadline.arm(WRITE_TIMEOUT_MS);
        return;
      }
      if (socket.isPaused()) socket.resume();
      if (turnIsOver() && channel.pending > 0) {
        this.#pumpLater();
        break;
      }
      const received = channel.next();
      if (received.kind === 'more') {
        if (this.#clientEnded) this.#nothingMore();
        return;
      }
      const begunMs = performance.now();
      this.#take(received);
      spendTurn(performance.now() - begunMs);
    }
    if (this.#busy && channel.pending > READ_AHEAD_BYTES) channel.socket.pause();
  }

  #take(received: Exclude<Received, { kind: 'more' }>): void {
    switch (received.kind) {
      case 'message':
        if (this.#phase === 'login') this.#login.message(received.payload);
        else this.#commands.message(received);
        return;
      case 'garbage':
        this.#touches.malformed(this.#deps.now(), received.bytes, received.reason);
        return;
      default:
        this.#broken(received);
    }
  }

  /** Commands that came together are answered in slices: other clients have their turn in between. */
  #pumpLater(): void {
    this.#yielding = true;
    inTurn(this.#session.address, () => {
      this.#yielding = false;
      this.#pump();
    });
  }

  #broken({ bytes, reason, error }: Extract<Received, { kind: 'refused' }>): void {
    const told = this.#phase === 'command' ? undefined : describeStranger(bytes);
    const { code } = error;
    this.#touches.malformed(this.#deps.now(), bytes, told?.reason ?? reason, { application: told?.application, code });
    this.#channel.reply.capabilities |= CLIENT.PROTOCOL_41;
    this.#refuse(error);
  }

  #timedOut(): void {
    const { reply, socket } = this.#channel;
    if (this.#phase === 'command') {
      if (socket.writableLength === 0) {
        reply.sequence = 0;
        this.#refuse(sqlError('ER_CLIENT_INTERACTION_TIMEOUT'));
      } else socket.destroy();
      return;
    }
    this.#refuseUnanswered(sqlError('ER_NET_READ_INTERRUPTED'));
  }

  /** The client said it will send nothing more; what it asked for is still answered. */
  #clientLeft(): void {
    this.#clientEnded = true;
    this.#commands.interrupt();
    if (!this.#busy && this.#phase !== 'waiting') this.#pump();
  }

  /** All that was asked is answered; a client that did not say goodbye is told that it left. */
  #nothingMore(): void {
    this.#recordRest();
    this.#login.abandoned();
    this.#refuseUnanswered(sqlError('ER_NET_READ_ERROR'));
  }

  /** Goes on with `then` once `promise` is there; until then nothing more is read. */
  #later<T>(promise: Promise<T>, then: (value: T) => void): void {
    const phase = this.#phase;
    this.#phase = 'waiting';
    promise.then(
      (value) => {
        if (this.#phase === 'closed') return;
        this.#phase = phase;
        then(value);
        this.#pump();
      },
      () => this.#channel.socket.destroy(),
    );
  }

  #startTls(): void {
    this.#later(this.#deps.keys.tls(), (secureContext) => {
      const channel = this.#channel;
      const raw = channel.socket;
      const rest = channel.handOver();
      const tls = openTls(raw, rest, secureContext, {
        established: () => this.#secured(tls, raw),
        failed: () => this.#noTls(rest, tls),
      });
      this.#tls = tls;
      if (this.#clientEnded) tls.ended();
      else raw.resume();
    });
  }

  #secured({ socket, client }: TlsLayer, raw: Socket): void {
    const told = secured(socket, client());
    this.#login.tls = told.touch;
    this.#session.tlsCipher = told.cipher;
    this.#session.tlsVersion = told.protocol;
    this.#channel.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
    socket.on('end', () => this.#clientLeft());
    socket.on('drain', () => this.#pump());
    socket.on('close', () => raw.destroySoon());
  }

  /** A TLS handshake that came to nothing is answered in the clear, as a login that makes no sense. */
  #noTls(first: Buffer, layer: TlsLayer): void {
    this.#tls = undefined;
    const client = layer.client();
    this.#touches.malformed(this.#deps.now(), first, 'no TLS where it was asked for', {
      code: 1043,
      tls: client && { established: false, version_protocol: 'tls', client },
    });
    this.#refuseUnanswered(sqlError('ER_HANDSHAKE_ERROR'));
  }

  #accepted(login: Login, changed: boolean): void {
    const session = this.#session;
    const channel = this.#channel;
    this.#deps.server.sessions.set(this.id, session);
    this.#phase = 'command';
    this.#letIn = true;
    channel.countsOn = false;
    const { database } = session;
    channel.reply.ok({ status: session.status(), state: database === '' ? undefined : schemaChange(database) });
    channel.write();
    if (!changed) this.#openCompression(login);
    session.countsFound = (login.capabilities & CLIENT.FOUND_ROWS) !== 0;
    session.wantsNoSchemas = (login.capabilities & CLIENT.NO_SCHEMA) !== 0;
    session.mayOmitMetadata = (login.capabilities & CLIENT.OPTIONAL_RESULTSET_METADATA) !== 0;
    this.#commands.open(login.capabilities);
  }

  #openCompression(login: Login): void {
    const asked =
      login.capabilities & CLIENT.COMPRESS
        ? ({ algorithm: 'zlib', level: ZLIB_LEVEL } as const)
        : login.capabilities & CLIENT.ZSTD_COMPRESSION
          ? ({ algorithm: 'zstd', level: login.zstdLevel } as const)
          : undefined;
    if (!asked) return;
    this.#session.compression = asked;
    this.#channel.compress(asked.algorithm);
  }

  #changeUser(payload: Buffer): void {
    this.#deps.server.sessions.delete(this.id);
    this.#commands.prepared.clear();
    this.#phase = 'login';
    this.#channel.countsOn = true;
    if (this.#login.changeUser(payload, this.#commands.capabilities)) return;
    this.#touches.malformed(this.#deps.now(), payload, 'COM_CHANGE_USER ends early', { code: 1047 });
    this.#refuse(sqlError('ER_UNKNOWN_COM_ERROR'));
  }

  /** Tells an error that answers no message of its own, and closes. */
  #refuseUnanswered(error: SqlError): void {
    this.#channel.reply.capabilities |= CLIENT.PROTOCOL_41;
    this.#channel.reply.sequence = this.#channel.expected;
    this.#refuse(error);
  }

  /** Tells an error and closes. */
  #refuse(error: SqlError): void {
    this.#channel.reply.error(toldError(this.#session, error));
    this.#channel.write();
    this.#end();
  }

  #end(): void {
    if (this.#phase === 'closed') return;
    const { socket } = this.#channel;
    this.#channel.write();
    this.#ending = true;
    // What was said goes out, then the socket closes at once, as the server closes it; nothing more is read.
    socket.pause();
    socket.destroySoon();
    this.#commands.interrupt();
  }

  #closed(): void {
    if (this.#phase === 'closed') return;
    const now = this.#deps.now();
    if (!this.#ending && this.#phase !== 'waiting') this.#recordRest();
    this.#login.abandoned();
    this.#recordSilence(this.#spoke ? 'closed before a login' : 'closed, nothing said');
    if (this.#letIn) this.#touches.close(now, this.#session.user, now - this.#session.connectedMs);
    this.#phase = 'closed';
    this.#channel.closed = true;
    this.#commands.interrupt();
    this.#deadline.clear();
    this.#silence.clear();
    this.#channel.release();
    this.#notAhead();
    this.#tls?.socket.destroy();
    this.#session.transaction.rollback();
    this.#session.transaction.commit();
    this.#session.kept.release();
    this.#deps.server.sessions.delete(this.id);
    this.#deps.server.historyOf(this.#overlay).end(this.id);
    this.#session.end();
    this.#overlay.connections--;
    this.#overlay.lastUsedMs = now;
    this.#onEnd();
  }

  /** A connection that has left no touch so far leaves one of itself. */
  #recordSilence(reason: string): void {
    if (this.#touches.count === 0) this.#touches.connect(this.#deps.now(), reason);
  }

  #recordRest(): void {
    const rest = this.#channel.unfinished();
    if (!rest) return;
    const told = describeStranger(rest);
    const { application } = told;
    this.#touches.malformed(this.#deps.now(), rest, told.reason ?? 'closed inside a packet', { application });
  }

  /** Closes now: the server is going away. */
  shutdown(): void {
    this.#channel.socket.destroy();
  }
}
