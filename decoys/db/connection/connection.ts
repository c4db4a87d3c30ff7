// One client from greeting to goodbye: messages, login, commands, replies; every way it can end leaves a touch.
// A few lines past 300: its phases change one state, and what could stand alone (intake, login, commands, TLS, farewell) does.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_lifecycle.html
import type { Socket } from 'node:net';
import type { Recorder } from '../../touch/recorder.ts';
import type { ServerKeys } from '../auth/keys.ts';
import { countRead } from '../garbage.ts';
import { LOGIN_TIMEOUT_MS, SILENT_CONNECT_MS } from '../limits.ts';
import type { Overlay } from '../overlay/overlay.ts';
import type { ServerState } from '../session/server-state.ts';
import type { Session } from '../session/session.ts';
import { sqlError } from '../sql/errors.ts';
import type { Touches } from '../touches.ts';
import { greeting } from '../wire/greeting.ts';
import type { MessageBudget } from '../wire/held-message.ts';
import type { Login } from '../wire/login.ts';
import { schemaChange } from '../wire/session-track.ts';
import { mostConnections } from './admission.ts';
import { keepAgreed, openCompression } from './agreed.ts';
import { arrive, depart } from './arrival.ts';
import { Channel, type Received } from './channel.ts';
import { CommandPhase } from './command-phase.ts';
import { Farewell } from './farewell.ts';
import { runInitConnect } from './init-connect.ts';
import { Intake } from './intake.ts';
import { LoginPhase } from './login-phase.ts';
import type { Outbox } from './outbox.ts';
import type { Secured, TlsLayer } from './tls-layer.ts';
import { upgrade } from './tls-upgrade.ts';
import { Deadline } from './waits.ts';

export interface ConnectionDeps {
  readonly server: ServerState;
  readonly keys: ServerKeys;
  readonly recorder: Recorder;
  readonly budget: MessageBudget;
  readonly outbox: Outbox;
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
  readonly #farewell: Farewell;
  readonly #login: LoginPhase;
  readonly #commands: CommandPhase;
  readonly #intake: Intake;
  readonly #deadline = new Deadline(() => this.#timedOut());
  readonly #silence = new Deadline(() => this.#farewell.recordSilence('no bytes yet'));
  readonly #onEnd: () => void;
  #phase: Phase = 'login';
  #tls: TlsLayer | undefined;
  #spoke = false;
  /** Its login was accepted. */
  #letIn = false;
  /** There was no room for it. */
  #turnedAway = false;

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
      outbox: deps.outbox,
      count: (name, by) => session.work.count(name, by),
    });
    this.#farewell = new Farewell({
      channel: this.#channel,
      session,
      touches,
      now: deps.now,
      interrupt: () => this.#commands.interrupt(),
    });
    this.#login = this.#makeLogin();
    this.#commands = this.#makeCommands();
    this.#intake = this.#makeIntake();
    session.kill = (query) => {
      this.#commands.interrupt();
      session.stop?.();
      if (!query) this.#channel.hangUp();
    };
    this.#listen(socket);
    this.#silence.arm(SILENT_CONNECT_MS);
    this.#deadline.arm(LOGIN_TIMEOUT_MS);
    if (overlay.downUntilMs > openedMs) {
      socket.destroy();
      return;
    }
    if (overlay.connections > mostConnections(overlay) + 1) {
      server.count('Connection_errors_max_connections');
      this.#turnedAway = true;
      touches.connect(openedMs, 'more connections than the server takes');
      this.#farewell.refuse(sqlError('ER_CON_COUNT_ERROR'));
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
      refuse: (error) => this.#farewell.refuse(error),
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
      end: () => this.#farewell.end(),
      refuse: (error) => this.#farewell.refuse(error),
      changeUser: (payload) => this.#changeUser(payload),
      goOn: () => this.#intake.pump(),
    });
  }

  #makeIntake(): Intake {
    return new Intake({
      channel: this.#channel,
      budget: this.#deps.budget,
      source: this.#session.address,
      deadline: this.#deadline,
      commanding: () => this.#commands.busy,
      open: () => !this.#farewell.said && (this.#phase === 'login' || this.#phase === 'command'),
      take: (received) => this.#take(received),
      exhausted: () => this.#nothingMore(),
    });
  }

  #listen(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#delivered(chunk));
    socket.on('end', () => (this.#tls ? this.#tls.ended() : this.#clientLeft()));
    socket.on('close', () => this.#closed());
    socket.on('drain', () => this.#intake.pump());
  }

  #delivered(chunk: Buffer): void {
    countRead(chunk.length);
    if (!this.#intake.admits(chunk.length)) return;
    if (this.#tls) this.#intake.records(this.#tls, chunk);
    else this.#received(chunk);
  }

  #received(chunk: Buffer): void {
    if (this.#farewell.said) return;
    if (!this.#spoke) {
      this.#spoke = true;
      this.#silence.clear();
    }
    this.#channel.push(chunk);
    this.#intake.pump();
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
        this.#farewell.refuseBroken(received, this.#phase !== 'command');
    }
  }

  #timedOut(): void {
    const { reply, socket } = this.#channel;
    if (this.#phase === 'command') {
      if (socket.writableLength === 0) {
        reply.sequence = 0;
        this.#farewell.refuse(sqlError('ER_CLIENT_INTERACTION_TIMEOUT'));
      } else socket.destroy();
      return;
    }
    this.#farewell.refuseUnanswered(sqlError('ER_NET_READ_INTERRUPTED'));
  }

  /** The client said it will send nothing more; what it asked for is still answered. */
  #clientLeft(): void {
    this.#intake.clientEnded = true;
    this.#commands.left();
    if (!this.#intake.busy && this.#phase !== 'waiting') this.#intake.pump();
  }

  /** All that was asked is answered; a client that did not say goodbye is told that it left. */
  #nothingMore(): void {
    this.#farewell.recordRest();
    this.#login.abandoned();
    this.#farewell.refuseUnanswered(sqlError('ER_NET_READ_ERROR'));
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
        this.#intake.pump();
      },
      () => this.#channel.socket.destroy(),
    );
  }

  #startTls(): void {
    this.#later(this.#deps.keys.tls(), (secureContext) => {
      const raw = this.#channel.socket;
      this.#tls = upgrade(this.#channel, secureContext, {
        secured: (told) => this.#secured(told),
        failed: (first, client) => {
          this.#tls = undefined;
          this.#farewell.refuseHandshake(first, client);
        },
        received: (chunk) => this.#received(chunk),
        ended: () => this.#clientLeft(),
        drained: () => this.#intake.pump(),
      });
      if (this.#intake.clientEnded) this.#tls.ended();
      else raw.resume();
    });
  }

  #secured({ touch, cipher, protocol }: Secured): void {
    this.#deps.server.count('Ssl_accepts');
    this.#deps.server.count('Ssl_finished_accepts');
    this.#login.tls = touch;
    this.#session.tlsCipher = cipher;
    this.#session.tlsVersion = protocol;
  }

  #accepted(login: Login, changed: boolean): void {
    const session = this.#session;
    const channel = this.#channel;
    this.#deps.server.sessions.set(this.id, session);
    this.#deps.server.countedOf(session.overlay).accounts.came(session.user, session.address);
    this.#phase = 'command';
    this.#letIn = true;
    channel.countsOn = false;
    const { database } = session;
    channel.reply.ok({ status: session.status(), state: database === '' ? undefined : schemaChange(database) });
    channel.write();
    if (!changed) openCompression(session, channel, login);
    keepAgreed(session, login);
    if (!changed) runInitConnect(session, this.#deps.now(), this.#deps.random);
    this.#commands.open(login.capabilities);
  }

  #changeUser(payload: Buffer): void {
    this.#deps.server.sessions.delete(this.id);
    this.#commands.prepared.clear();
    this.#phase = 'login';
    this.#channel.countsOn = true;
    if (this.#login.changeUser(payload, this.#commands.capabilities)) return;
    this.#touches.malformed(this.#deps.now(), payload, 'COM_CHANGE_USER ends early', { code: 1047 });
    this.#farewell.refuse(sqlError('ER_UNKNOWN_COM_ERROR'));
  }

  #closed(): void {
    if (this.#phase === 'closed') return;
    const now = this.#deps.now();
    if (!this.#farewell.said && this.#phase !== 'waiting') this.#farewell.recordRest();
    this.#login.abandoned();
    this.#farewell.recordSilence(this.#spoke ? 'closed before a login' : 'closed, nothing said');
    if (this.#letIn) this.#touches.close(now, this.#session.user, now - this.#session.connectedMs);
    this.#countEnd();
    this.#phase = 'closed';
    this.#channel.closed = true;
    this.#commands.interrupt();
    this.#session.stop?.();
    this.#deadline.clear();
    this.#silence.clear();
    this.#channel.release();
    this.#intake.release();
    this.#tls?.socket.destroy();
    depart(this.#session, now);
    this.#onEnd();
  }

  /** Who is not let in, and who leaves without a word, is counted as aborted. */
  #countEnd(): void {
    const { server } = this.#deps;
    if (this.#turnedAway) return;
    if (!this.#letIn) server.count('Aborted_connects');
    else if (!this.#commands.saidGoodbye) server.count('Aborted_clients');
  }

  /** Closes now: the server is going away. */
  shutdown(): void {
    this.#channel.hangUp();
  }
}
