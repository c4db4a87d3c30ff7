// One client from greeting to goodbye: bytes in, messages, login, commands, bytes out; every way it can end leaves a touch.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_lifecycle.html
import type { Socket } from 'node:net';
import type { Recorder } from '../../touch/recorder.ts';
import { uuidv7 } from '../../touch/uuid.ts';
import type { ServerKeys } from '../auth/keys.ts';
import {
  IDLE_TIMEOUT_MS,
  LOGIN_KEPT_BYTES,
  LOGIN_PACKET_BYTES,
  LOGIN_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MESSAGE_KEPT_BYTES,
  SILENT_CONNECT_MS,
  UNSENT_REPLY_BYTES,
  WRITE_TIMEOUT_MS,
} from '../limits.ts';
import type { Overlay } from '../overlay/overlay.ts';
import { countRead } from '../read-garbage.ts';
import type { ServerState } from '../session/server-state.ts';
import { Session } from '../session/session.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { Touches } from '../touches.ts';
import { SLICE_MS } from '../turn.ts';
import { CompressedStream } from '../wire/compression.ts';
import { CLIENT, COMMANDS } from '../wire/constants.ts';
import { greeting } from '../wire/greeting.ts';
import type { Login } from '../wire/login.ts';
import { type Message, type MessageBudget, MessageReader } from '../wire/message-reader.ts';
import { ReplyWriter } from '../wire/replies.ts';
import { schemaChange } from '../wire/session-track.ts';
import type { CommandContext } from './command-context.ts';
import { runCommand } from './commands.ts';
import { LoginPhase } from './login-phase.ts';
import { PreparedStatements } from './prepared.ts';
import { describeStranger } from './stranger.ts';
import { openTls, type TlsLayer } from './tls-layer.ts';

const COM_QUIT = COMMANDS.indexOf('COM_QUIT');
/** What zlib is asked for where the client names no level. */
const ZLIB_LEVEL = 6;
const MAX_PACKET_BYTES = 67_108_864;

export interface ConnectionDeps {
  readonly server: ServerState;
  readonly keys: ServerKeys;
  readonly recorder: Recorder;
  readonly budget: MessageBudget;
  readonly now: () => number;
  readonly random: () => number;
}

type Phase = 'login' | 'waiting' | 'command' | 'closed';

function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}

/** A reader that keeps little: nobody has logged in yet. */
function loginReader(budget: MessageBudget): MessageReader {
  const reader = new MessageReader(budget, LOGIN_PACKET_BYTES);
  reader.keptBytes = LOGIN_KEPT_BYTES;
  return reader;
}

export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #touches: Touches;
  readonly #session: Session;
  readonly #overlay: Overlay;
  readonly #reply = new ReplyWriter();
  readonly #prepared = new PreparedStatements();
  readonly #openedMs: number;
  readonly #context: CommandContext;
  readonly #login: LoginPhase;
  #reader: MessageReader;
  #socket: Socket;
  #phase: Phase = 'login';
  #compressed: CompressedStream | undefined;
  #tls: TlsLayer | undefined;
  #spoke = false;
  #busy = false;
  /** When the commands under way began to be answered without letting others have their turn. */
  #turnMs = 0;
  /** The client will send nothing more. */
  #clientEnded = false;
  /** Said goodbye: what still comes is not looked at. */
  #ending = false;
  #timer: NodeJS.Timeout | undefined;
  #armedMs = 0;
  #silence: NodeJS.Timeout | undefined;
  #wake: ((completed: boolean) => void) | undefined;
  #sleeping: NodeJS.Timeout | undefined;
  #onEnd: () => void;

  constructor(socket: Socket, deps: ConnectionDeps, onEnd: () => void) {
    this.#deps = deps;
    this.#socket = socket;
    this.#onEnd = onEnd;
    this.#openedMs = deps.now();
    const address = plainAddress(socket.remoteAddress);
    const [port, ownPort] = [socket.remotePort ?? 0, socket.localPort ?? 0];
    const connectionId = deps.server.nextConnectionId();
    this.#overlay = deps.server.overlays.of(address, this.#openedMs);
    this.#overlay.connections++;
    this.#session = new Session({
      server: deps.server,
      overlay: this.#overlay,
      connectionId,
      address,
      port,
      connectedMs: this.#openedMs,
    });
    const facts = {
      session: uuidv7(this.#openedMs),
      connectionId,
      source: { ip: address, port },
      destination: { ip: plainAddress(socket.localAddress), port: ownPort },
    };
    this.#touches = new Touches(deps.recorder, facts);
    this.#reader = loginReader(deps.budget);
    this.#context = this.#makeContext();
    this.#login = this.#makeLogin();
    this.#session.kill = (query) => this.#killed(query);
    this.#listen(socket);
    this.#silence = setTimeout(() => this.#recordSilence('no bytes yet'), SILENT_CONNECT_MS);
    this.#arm(LOGIN_TIMEOUT_MS);
    deps.server.count('Connections');
    if (this.#overlay.downUntilMs > this.#openedMs) {
      socket.destroy();
      return;
    }
    if (this.#overlay.connections > MAX_CONNECTIONS + 1) {
      this.#touches.connect(this.#openedMs, 'more connections than the server takes');
      this.#refuse(sqlError('ER_CON_COUNT_ERROR'));
      return;
    }
    this.#greet();
  }

  get id(): number {
    return this.#session.connectionId;
  }

  #makeContext(): CommandContext {
    return {
      session: this.#session,
      reply: this.#reply,
      touches: this.#touches,
      prepared: this.#prepared,
      capabilities: 0,
      repeatable: undefined,
      now: this.#deps.now,
      random: this.#deps.random,
      flush: (delayMs) => this.#flush(delayMs),
      say: (reply) => this.#send(reply),
      end: () => this.#end(),
      changeUser: (payload) => this.#changeUser(payload),
    };
  }

  #makeLogin(): LoginPhase {
    return new LoginPhase({
      server: this.#deps.server,
      session: this.#session,
      overlay: this.#overlay,
      keys: this.#deps.keys,
      reply: this.#reply,
      touches: this.#touches,
      now: this.#deps.now,
      write: () => this.#write(),
      refuse: (error) => this.#refuse(error),
      later: (promise, then) => this.#later(promise, then),
      startTls: () => this.#startTls(),
      accepted: (login, changed) => this.#accepted(login, changed),
    });
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
    if (this.#tls) this.#tls.received(chunk);
    else this.#received(chunk);
  }

  #greet(): void {
    this.#reply.packet(greeting(this.#session.version(), this.id, this.#login.salt));
    this.#write();
  }

  #write(): void {
    if (this.#reply.out.length === 0) return;
    const bytes = this.#reply.out.take();
    if (this.#phase !== 'command') this.#reader.expected = this.#reply.sequence;
    this.#send(bytes);
  }

  #send(bytes: Buffer): void {
    if (this.#phase === 'closed') return;
    this.#deps.server.count('Bytes_sent', bytes.length);
    if (!this.#compressed) {
      this.#socket.write(bytes);
      return;
    }
    this.#socket.write(this.#compressed.encode(bytes));
    this.#reply.sequence = this.#compressed.sequence;
  }

  #arm(ms: number): void {
    if (this.#timer && this.#armedMs === ms) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#armedMs = ms;
    this.#timer = setTimeout(() => this.#timedOut(), ms);
  }

  #timedOut(): void {
    if (this.#phase === 'command') {
      if (this.#socket.writableLength === 0) {
        this.#reply.sequence = 0;
        this.#refuse(sqlError('ER_CLIENT_INTERACTION_TIMEOUT'));
      } else this.#socket.destroy();
      return;
    }
    this.#reply.capabilities |= CLIENT.PROTOCOL_41;
    this.#reply.sequence = this.#reader.expected;
    this.#refuse(sqlError('ER_NET_READ_INTERRUPTED'));
  }

  #recordSilence(reason: string): void {
    if (!this.#spoke && this.#touches.count === 0) this.#touches.connect(this.#deps.now(), reason);
  }

  #received(chunk: Buffer): void {
    if (this.#ending) return;
    if (!this.#spoke) {
      this.#spoke = true;
      clearTimeout(this.#silence);
    }
    this.#deps.server.count('Bytes_received', chunk.length);
    if (this.#compressed) this.#compressed.push(chunk);
    else this.#reader.push(chunk);
    this.#turnMs = performance.now();
    this.#pump();
  }

  /** Takes messages while there are any and nothing is under way. */
  #pump(): void {
    while (!this.#busy && !this.#ending && this.#phase !== 'closed' && this.#phase !== 'waiting') {
      if (this.#socket.writableLength > UNSENT_REPLY_BYTES) {
        this.#socket.pause();
        this.#arm(WRITE_TIMEOUT_MS);
        return;
      }
      if (this.#socket.isPaused()) this.#socket.resume();
      if (performance.now() - this.#turnMs > SLICE_MS && this.#reader.buffered > 0) {
        this.#pumpLater();
        return;
      }
      const read = this.#reader.next();
      if (read.kind === 'more') {
        if (this.#compressed && this.#nextFrame(this.#compressed)) continue;
        if (this.#clientEnded) this.#nothingMore();
        return;
      }
      if (read.kind === 'message') this.#message(read);
      else this.#broken(read.kind === 'out-of-order' ? 'packets out of order' : 'a packet over the limit', read);
    }
    if (this.#busy && this.#reader.buffered + (this.#compressed?.pending ?? 0) > UNSENT_REPLY_BYTES)
      this.#socket.pause();
  }

  /** Takes what a compressed frame holds; false where there is no whole one, or none in order. */
  #nextFrame(compressed: CompressedStream): boolean {
    const frame = compressed.next();
    if (frame.kind === 'plain') {
      this.#reader.push(frame.bytes);
      return true;
    }
    if (frame.kind === 'broken') {
      this.#touches.malformed(this.#deps.now(), frame.bytes, 'a compressed frame that is none');
      compressed.sequence = 0;
      return true;
    }
    if (frame.kind === 'more') return false;
    const disorder = frame.kind === 'out-of-order';
    const reason = disorder ? 'packets out of order' : 'a packet over the limit';
    const error = sqlError(disorder ? 'ER_NET_PACKETS_OUT_OF_ORDER' : 'ER_NET_PACKET_TOO_LARGE');
    this.#touches.malformed(this.#deps.now(), frame.bytes, reason, 'mysql', error.code);
    this.#reply.sequence = compressed.sequence;
    this.#refuse(error);
    return false;
  }

  /** Commands that came together are answered in slices: other clients have their turn in between. */
  #pumpLater(): void {
    this.#busy = true;
    setImmediate(() => {
      this.#busy = false;
      this.#turnMs = performance.now();
      this.#pump();
    });
  }

  #broken(
    reason: string,
    read:
      | { readonly kind: 'out-of-order'; readonly expected: number }
      | { readonly kind: 'too-large'; readonly sequence: number },
  ): void {
    const rest = this.#reader.drain();
    const error = sqlError(read.kind === 'too-large' ? 'ER_NET_PACKET_TOO_LARGE' : 'ER_NET_PACKETS_OUT_OF_ORDER');
    const told = this.#phase === 'command' ? undefined : describeStranger(rest);
    this.#touches.malformed(
      this.#deps.now(),
      rest,
      told?.reason ?? reason,
      told ? told.application : 'mysql',
      error.code,
    );
    this.#reply.capabilities |= CLIENT.PROTOCOL_41;
    this.#reply.sequence = read.kind === 'out-of-order' ? read.expected : (read.sequence + 1) & 0xff;
    this.#refuse(error);
  }

  #message(message: Message): void {
    this.#reply.sequence = this.#compressed?.sequence ?? (message.sequence + 1) & 0xff;
    if (this.#phase === 'login') this.#login.message(message.payload);
    else this.#command(message);
  }

  /** The client said it will send nothing more; what it asked for is still answered. */
  #clientLeft(): void {
    this.#clientEnded = true;
    this.#wake?.(false);
    if (!this.#busy && this.#phase !== 'waiting') this.#pump();
  }

  /** All that was asked is answered: before the end of its login a client is told that it left. */
  #nothingMore(): void {
    if (this.#phase === 'command') {
      this.#end();
      return;
    }
    this.#recordRest();
    this.#login.abandoned();
    this.#reply.capabilities |= CLIENT.PROTOCOL_41;
    this.#reply.sequence = this.#reader.expected;
    this.#refuse(sqlError('ER_NET_READ_ERROR'));
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
      () => this.#socket.destroy(),
    );
  }

  #startTls(): void {
    this.#later(this.#deps.keys.tls(), (secureContext) => {
      const raw = this.#socket;
      const rest = this.#reader.drain();
      const { expected } = this.#reader;
      this.#reader.release();
      this.#reader = loginReader(this.#deps.budget);
      this.#reader.expected = expected;
      this.#tls = openTls(raw, rest, secureContext, {
        established: () => this.#secured(raw),
        failed: () => this.#noTls(rest),
      });
      if (this.#clientEnded) this.#tls.ended();
      else raw.resume();
    });
  }

  #secured(raw: Socket): void {
    const { socket } = this.#tls as TlsLayer;
    const cipher = socket.getCipher();
    const protocol = socket.getProtocol() ?? '';
    this.#login.tls = {
      established: true,
      version: protocol.replace('TLSv', ''),
      version_protocol: 'tls',
      cipher: cipher.standardName,
    };
    this.#session.tlsCipher = cipher.standardName;
    this.#session.tlsVersion = protocol;
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
    socket.on('end', () => this.#clientLeft());
    socket.on('drain', () => this.#pump());
    socket.on('close', () => raw.destroySoon());
  }

  /** A TLS handshake that came to nothing is answered in the clear, as a login that makes no sense. */
  #noTls(first: Buffer): void {
    this.#tls = undefined;
    this.#touches.malformed(this.#deps.now(), first, 'no TLS where it was asked for', 'mysql', 1043);
    this.#reply.capabilities |= CLIENT.PROTOCOL_41;
    this.#reply.sequence = this.#reader.expected;
    this.#refuse(sqlError('ER_HANDSHAKE_ERROR'));
  }

  #accepted(login: Login, changed: boolean): void {
    const session = this.#session;
    this.#deps.server.sessions.set(this.id, session);
    this.#phase = 'command';
    const { database } = session;
    this.#reply.ok({ status: session.status(), state: database === '' ? undefined : schemaChange(database) });
    this.#write();
    if (!changed) this.#openCompression(login);
    else if (this.#compressed) this.#compressed.sequence = 0;
    this.#context.capabilities = login.capabilities;
    session.mayOmitMetadata = (login.capabilities & CLIENT.OPTIONAL_RESULTSET_METADATA) !== 0;
    this.#reader.expected = 0;
    this.#reader.maxBytes = MAX_PACKET_BYTES;
    this.#reader.keptBytes = MESSAGE_KEPT_BYTES;
    this.#commandEnded();
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
    this.#compressed = new CompressedStream(asked.algorithm, this.#deps.budget);
    this.#reader.ordered = false;
    const rest = this.#reader.drain();
    if (rest.length > 0) this.#compressed.push(rest);
  }

  #changeUser(payload: Buffer): void {
    this.#deps.server.sessions.delete(this.id);
    this.#prepared.clear();
    this.#phase = 'login';
    if (this.#login.changeUser(payload, this.#context.capabilities)) return;
    this.#touches.malformed(this.#deps.now(), payload, 'COM_CHANGE_USER ends early', 'mysql', 1047);
    this.#refuse(sqlError('ER_UNKNOWN_COM_ERROR'));
  }

  #command(message: Message): void {
    const code = message.payload[0];
    this.#reader.expected = 0;
    if (code === COM_QUIT) {
      this.#end();
      return;
    }
    this.#busy = true;
    this.#session.command = code === 3 ? 'Query' : 'Execute';
    this.#session.commandMs = this.#deps.now();
    this.#reply.metadata = this.#session.variables.get('resultset_metadata') !== 'NONE';
    const done = runCommand(this.#context, message);
    if (!done) {
      this.#answered();
      return;
    }
    done
      .then(() => {
        this.#answered();
        this.#pump();
      })
      .catch((error: unknown) => {
        process.stderr.write(`db: a command could not be answered: ${String(error)}\n`);
        this.#socket.destroy();
      });
  }

  #answered(): void {
    this.#busy = false;
    if (this.#phase === 'closed') return;
    this.#write();
    if (this.#phase === 'command') {
      this.#reader.expected = 0;
      if (this.#compressed) this.#compressed.sequence = 0;
    }
    this.#commandEnded();
  }

  #commandEnded(): void {
    this.#session.command = 'Sleep';
    this.#session.commandMs = this.#deps.now();
    this.#session.state = '';
    this.#arm(Math.min(IDLE_TIMEOUT_MS, this.#session.idleSeconds() * 1000));
  }

  /** Sends what is written, after a while; a KILL or a lost client ends the wait. */
  async #flush(delayMs: number): Promise<boolean> {
    if (delayMs > 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const completed = await new Promise<boolean>((resolve) => {
        this.#wake = resolve;
        this.#sleeping = setTimeout(() => resolve(true), Math.min(delayMs, 2 ** 31 - 1));
      });
      clearTimeout(this.#sleeping);
      this.#wake = undefined;
      if (!completed && this.#phase !== 'closed') {
        this.#reply.out.take();
        this.#reply.sequence = 1;
        this.#reply.error({ code: 1317, sqlstate: '70100', message: 'Query execution was interrupted' });
      }
      if (!completed) return false;
    }
    this.#write();
    return true;
  }

  #killed(query: boolean): void {
    this.#wake?.(false);
    if (!query) this.#socket.destroy();
  }

  /** Tells an error and closes. */
  #refuse(error: SqlError): void {
    this.#reply.error({ code: error.code, sqlstate: error.sqlstate, message: error.message });
    this.#write();
    this.#end();
  }

  #end(): void {
    if (this.#phase === 'closed') return;
    this.#write();
    this.#ending = true;
    // What was said goes out, then the socket closes at once, as the server closes it; nothing more is read.
    this.#socket.pause();
    this.#socket.destroySoon();
    this.#wake?.(false);
  }

  #closed(): void {
    if (this.#phase === 'closed') return;
    const now = this.#deps.now();
    if (!this.#ending && this.#phase !== 'waiting') this.#recordRest();
    this.#login.abandoned();
    if (this.#touches.count === 0)
      this.#touches.connect(now, this.#spoke ? 'closed before a login' : 'closed, nothing said');
    this.#phase = 'closed';
    this.#wake?.(false);
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    clearTimeout(this.#sleeping);
    this.#reader.release();
    this.#compressed?.release();
    this.#tls?.socket.destroy();
    this.#session.rollback();
    this.#deps.server.sessions.delete(this.id);
    this.#overlay.connections--;
    this.#overlay.lastUsedMs = now;
    this.#onEnd();
  }

  /** Bytes of a message that never became whole. */
  #recordRest(): void {
    if (!this.#reader.inside) return;
    const rest = this.#reader.unfinished();
    if (rest.length === 0) return;
    const told = describeStranger(rest);
    this.#touches.malformed(this.#deps.now(), rest, told.reason ?? 'closed inside a packet', told.application);
  }

  /** Closes now: the server is going away. */
  shutdown(): void {
    this.#socket.destroy();
  }
}
