// One client from greeting to goodbye: bytes in, messages, login, commands, bytes out; every way it can end leaves a touch.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_lifecycle.html
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Recorder } from '../../touch/recorder.ts';
import type { TouchLine } from '../../touch/schema.ts';
import { uuidv7 } from '../../touch/uuid.ts';
import { CACHING_SHA2, Handshake, type HandshakeStep, type LoginAccount, SHA256_PASSWORD } from '../auth/handshake.ts';
import { decryptPassword, type ServerKeys } from '../auth/keys.ts';
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
import { tls } from '../on-demand.ts';
import type { Account, Overlay } from '../overlay/overlay.ts';
import { countRead } from '../read-garbage.ts';
import { findAccount } from '../session/accounts.ts';
import { canonicalSchema, schemaExists } from '../session/schemas.ts';
import type { ServerState } from '../session/server-state.ts';
import { Session } from '../session/session.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { Touches } from '../touches.ts';
import { SLICE_MS } from '../turn.ts';
import { CompressedStream } from '../wire/compression.ts';
import { CLIENT, COMMANDS } from '../wire/constants.ts';
import { greeting, SALT_BYTES, saltFrom } from '../wire/greeting.ts';
import { type Login, parseChangeUser, parseLogin } from '../wire/login.ts';
import { type Message, type MessageBudget, MessageReader } from '../wire/message-reader.ts';
import { ReplyWriter } from '../wire/replies.ts';
import { schemaChange } from '../wire/session-track.ts';
import type { CommandContext } from './command-context.ts';
import { runCommand } from './commands.ts';
import { PreparedStatements } from './prepared.ts';

const COM_QUIT = COMMANDS.indexOf('COM_QUIT');
/** Characters of a user name in error 1045. */
const SHOWN_USER_CHARACTERS = 48;
const MAX_PACKET_BYTES = 67_108_864;

export interface ConnectionDeps {
  readonly server: ServerState;
  readonly keys: ServerKeys;
  readonly recorder: Recorder;
  readonly budget: MessageBudget;
  readonly now: () => number;
  readonly random: () => number;
}

type Phase = 'login' | 'handshake' | 'waiting' | 'command' | 'closed';

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
  readonly #salt: Buffer;
  readonly #reply = new ReplyWriter();
  readonly #prepared = new PreparedStatements();
  readonly #openedMs: number;
  readonly #context: CommandContext;
  #reader: MessageReader;
  #socket: Socket;
  #phase: Phase = 'login';
  #compressed: CompressedStream | undefined;
  #handshake: Handshake | undefined;
  #login: Login | undefined;
  #account: Account | undefined;
  #tls: TouchLine['tls'];
  #secure = false;
  #changing = false;
  #spoke = false;
  #busy = false;
  /** When the commands under way began to be answered without letting others have their turn. */
  #turnMs = 0;
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
    this.#salt = saltFrom(randomBytes(SALT_BYTES));
    this.#reader = loginReader(deps.budget);
    this.#context = this.#makeContext();
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

  #listen(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#closed());
    socket.on('drain', () => this.#pump());
  }

  #greet(): void {
    this.#reply.packet(greeting(this.#session.version(), this.id, this.#salt));
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
    this.#socket.write(this.#compressed ? this.#compressed.encode(bytes) : bytes);
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
    const plain = this.#compressed ? this.#compressed.decode(chunk) : chunk;
    if (plain === undefined) {
      this.#touches.malformed(this.#deps.now(), chunk, 'a compressed frame that is none');
      this.#refuse(sqlError('ER_NET_UNCOMPRESS_ERROR'));
      return;
    }
    this.#reader.push(plain);
    this.#turnMs = performance.now();
    this.#pump();
    countRead(chunk.length);
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
      if (read.kind === 'more') return;
      if (read.kind === 'message') this.#message(read);
      else this.#broken(read.kind === 'out-of-order' ? 'packets out of order' : 'a packet over the limit', read);
    }
    if (this.#busy && this.#reader.buffered > UNSENT_REPLY_BYTES) this.#socket.pause();
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
    this.#reply.capabilities |= CLIENT.PROTOCOL_41;
    if (this.#phase === 'command') {
      this.#touches.malformed(this.#deps.now(), rest, reason, 'mysql', read.kind === 'too-large' ? 1153 : 1156);
      this.#reply.sequence = read.kind === 'out-of-order' ? read.expected : (read.sequence + 1) & 0xff;
      this.#refuse(sqlError(read.kind === 'too-large' ? 'ER_NET_PACKET_TOO_LARGE' : 'ER_NET_PACKETS_OUT_OF_ORDER'));
      return;
    }
    const told = describeStranger(rest);
    this.#touches.malformed(this.#deps.now(), rest, told.reason ?? reason, told.application, 1156);
    this.#reply.sequence = read.kind === 'out-of-order' ? read.expected : (read.sequence + 1) & 0xff;
    this.#refuse(sqlError(read.kind === 'too-large' ? 'ER_NET_PACKET_TOO_LARGE' : 'ER_NET_PACKETS_OUT_OF_ORDER'));
  }

  #message(message: Message): void {
    this.#reply.sequence = (message.sequence + 1) & 0xff;
    if (this.#phase === 'login') this.#loginPacket(message);
    else if (this.#phase === 'handshake') this.#step(this.#handshake?.next(message.payload) as HandshakeStep);
    else this.#command(message);
  }

  #loginPacket(message: Message): void {
    const parsed = parseLogin(message.payload);
    if (parsed.kind === 'malformed') {
      this.#touches.malformed(this.#deps.now(), message.payload, 'a login packet that is none', 'mysql', 1043);
      this.#reply.capabilities |= CLIENT.PROTOCOL_41;
      this.#refuse(sqlError('ER_HANDSHAKE_ERROR'));
      return;
    }
    if (parsed.kind === 'tls') {
      this.#startTls();
      return;
    }
    this.#loggingIn(parsed.login);
  }

  #loggingIn(login: Login): void {
    this.#login = login;
    this.#reply.capabilities = login.capabilities;
    this.#session.user = login.user;
    this.#account = findAccount(this.#overlay, login.user, this.#session.address);
    if (!(login.capabilities & CLIENT.PROTOCOL_41)) {
      this.#loginFailed(sqlError('ER_NOT_SUPPORTED_AUTH_MODE'));
      return;
    }
    const pluginAuth = (login.capabilities & CLIENT.PLUGIN_AUTH) !== 0;
    this.#handshake = new Handshake({
      account: this.#loginAccount(login.user),
      salt: this.#salt,
      secure: this.#secure,
      clientPlugin: pluginAuth ? login.plugin : '',
      pluginAuth,
    });
    this.#phase = 'handshake';
    this.#step(this.#handshake.first(login.response));
  }

  /** Unknown users are each given one of the server's plugins, and keep it. */
  #loginAccount(user: string): LoginAccount {
    if (this.#account) return this.#account;
    const plugin = this.#deps.server.hash(`plugin of ${user}`) % 5 === 0 ? SHA256_PASSWORD : CACHING_SHA2;
    return { plugin, password: undefined, cached: false };
  }

  #step(step: HandshakeStep): void {
    switch (step.kind) {
      case 'send':
        this.#reply.packet(step.bytes);
        this.#write();
        return;
      case 'send-public-key':
        this.#later(this.#deps.keys.password(), (key) => {
          this.#reply.packet(Buffer.concat([Buffer.from([1]), Buffer.from(key.publicPem)]));
          this.#write();
        });
        return;
      case 'decrypt':
        this.#later(this.#deps.keys.password(), (key) =>
          this.#step((this.#handshake as Handshake).told(decryptPassword(key.privateKey, step.bytes, this.#salt))),
        );
        return;
      case 'accept':
        if (step.before) this.#reply.packet(step.before);
        if (step.full && this.#account) this.#account.cached = true;
        this.#accepted();
        return;
      case 'refuse':
        this.#loginFailed(this.#denied(step.usingPassword));
        return;
      default:
        this.#loginFailed(sqlError('ER_NOT_SUPPORTED_AUTH_MODE'));
    }
  }

  #denied(usingPassword: boolean): SqlError {
    return sqlError(
      'ER_ACCESS_DENIED_ERROR',
      (this.#login?.user ?? '').slice(0, SHOWN_USER_CHARACTERS),
      this.#session.address,
      usingPassword ? 'YES' : 'NO',
    );
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
      raw.removeAllListeners('data');
      raw.removeAllListeners('end');
      raw.removeAllListeners('close');
      raw.removeAllListeners('drain');
      raw.pause();
      const rest = this.#reader.drain();
      if (rest.length > 0) raw.unshift(rest);
      const expected = this.#reader.expected;
      this.#reader.release();
      this.#reader = loginReader(this.#deps.budget);
      this.#reader.expected = expected;
      const secure = new (tls().TLSSocket)(raw, { isServer: true, secureContext });
      this.#socket = secure;
      this.#secure = true;
      this.#spoke = true;
      secure.on('secure', () => {
        const cipher = secure.getCipher();
        const protocol = secure.getProtocol() ?? '';
        this.#tls = {
          established: true,
          version: protocol.replace('TLSv', ''),
          version_protocol: 'tls',
          cipher: cipher.standardName,
        };
        this.#session.tlsCipher = cipher.standardName;
        this.#session.tlsVersion = protocol;
      });
      secure.on('tlsClientError', () => secure.destroy());
      this.#listen(secure);
      this.#phase = 'login';
    });
  }

  #loginTouch(outcome: 'success' | 'failure', errorCode?: number): void {
    const login = this.#login as Login;
    const handshake = this.#handshake;
    this.#touches.login(this.#deps.now(), {
      login,
      outcome,
      plugin: handshake?.responsePlugin || login.plugin,
      salt: this.#salt,
      response: handshake?.response ?? login.response,
      password: handshake?.password,
      tls: this.#tls,
      errorCode,
      command: this.#changing ? 'COM_CHANGE_USER' : undefined,
      canary: this.#deps.server.leakedBy(login.user),
    });
    this.#login = undefined;
  }

  #loginFailed(error: SqlError): void {
    this.#deps.server.count('Aborted_connects');
    this.#loginTouch('failure', error.code);
    this.#refuse(error);
  }

  #accepted(): void {
    const login = this.#login as Login;
    const session = this.#session;
    session.accountName = `${this.#account?.user ?? ''}@${this.#account?.host ?? '%'}`;
    session.clientCollation = login.collation;
    if (this.#changing) session.reset();
    const refused = session.setClientCollation(login.collation);
    if (refused) {
      this.#loginFailed(sqlError('ER_WRONG_VALUE_FOR_VAR', 'character_set_client', refused));
      return;
    }
    session.database = '';
    const schema = canonicalSchema(login.database);
    if (login.database !== '' && !schemaExists(session, schema)) {
      this.#loginFailed(sqlError('ER_BAD_DB_ERROR', login.database));
      return;
    }
    session.database = schema;
    (session as { attributes: ReadonlyMap<string, string> }).attributes = login.attributes;
    if (login.capabilities & CLIENT.INTERACTIVE)
      session.variables.set('wait_timeout', session.readVariable('interactive_timeout', '').value);
    this.#loginTouch('success');
    this.#deps.server.sessions.set(this.id, session);
    this.#phase = 'command';
    this.#reply.ok({ status: session.status(), state: schema === '' ? undefined : schemaChange(schema) });
    this.#write();
    if (!this.#changing) this.#openCompression(login);
    this.#changing = false;
    this.#context.capabilities = login.capabilities;
    this.#reader.expected = 0;
    this.#reader.maxBytes = MAX_PACKET_BYTES;
    this.#reader.keptBytes = MESSAGE_KEPT_BYTES;
    this.#commandEnded();
  }

  #openCompression(login: Login): void {
    if (login.capabilities & CLIENT.COMPRESS) this.#compressed = new CompressedStream('zlib');
    else if (login.capabilities & CLIENT.ZSTD_COMPRESSION) this.#compressed = new CompressedStream('zstd');
    if (!this.#compressed) return;
    const rest = this.#reader.drain();
    if (rest.length > 0) this.#received(rest);
  }

  #changeUser(payload: Buffer): void {
    const login = parseChangeUser(payload.subarray(1), this.#context.capabilities);
    if (!login) {
      this.#touches.malformed(this.#deps.now(), payload, 'COM_CHANGE_USER ends early', 'mysql', 1047);
      this.#reply.error({ code: 1047, sqlstate: '08S01', message: 'Unknown command' });
      return;
    }
    this.#changing = true;
    this.#deps.server.sessions.delete(this.id);
    this.#prepared.clear();
    this.#loggingIn(login);
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
    if (this.#phase === 'command') this.#reader.expected = 0;
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
    if (this.#reader.inside && this.#phase !== 'waiting' && !this.#ending) this.#recordRest(now);
    if (this.#login && this.#phase !== 'command') this.#loginTouch('failure');
    if (this.#touches.count === 0)
      this.#touches.connect(now, this.#spoke ? 'closed before a login' : 'closed, nothing said');
    this.#phase = 'closed';
    this.#wake?.(false);
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    clearTimeout(this.#sleeping);
    this.#reader.release();
    this.#session.rollback();
    this.#deps.server.sessions.delete(this.id);
    this.#overlay.connections--;
    this.#overlay.lastUsedMs = now;
    this.#onEnd();
  }

  /** Bytes of a message that never became whole. */
  #recordRest(now: number): void {
    const rest = this.#reader.unfinished();
    if (rest.length === 0) return;
    const told = describeStranger(rest);
    this.#touches.malformed(now, rest, told.reason ?? 'closed inside a packet', told.application);
  }

  /** Closes now: the server is going away. */
  shutdown(): void {
    this.#socket.destroy();
  }
}

const HTTP_STARTS = ['GET ', 'POST', 'HEAD', 'OPTI', 'PUT ', 'DELE', 'CONN', 'PRI '];

/** What other protocol bytes at a MySQL port are. */
function describeStranger(bytes: Buffer): { reason: string | undefined; application: string } {
  const text = bytes.toString('latin1', 0, 8);
  if (HTTP_STARTS.some((start) => text.startsWith(start)))
    return { reason: 'HTTP at the MySQL port', application: 'http' };
  if (bytes[0] === 0x16 && bytes[1] === 3) return { reason: 'TLS at the MySQL port', application: 'tls' };
  if (text.startsWith('SSH-')) return { reason: 'SSH at the MySQL port', application: 'ssh' };
  return { reason: undefined, application: 'mysql' };
}
