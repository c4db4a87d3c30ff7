// From the first packet of a client until it is let in or refused, and again at COM_CHANGE_USER: what is said, and the touch it leaves.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html
import type { TouchLine } from '../../touch/schema.ts';
import { CACHING_SHA2, Handshake, type HandshakeStep, type LoginAccount, SHA256_PASSWORD } from '../auth/handshake.ts';
import { decryptPassword, type ServerKeys } from '../auth/keys.ts';
import { newSalt } from '../auth/salt.ts';
import type { Account } from '../overlay/account.ts';
import type { Overlay } from '../overlay/overlay.ts';
import { limitsOf } from '../session/account-use.ts';
import { findAccount } from '../session/accounts.ts';
import { setClientCollation } from '../session/client-charset.ts';
import { schemaDenied } from '../session/denied.ts';
import { blockedAfter } from '../session/failed-logins.ts';
import { canonicalSchema, identifierError, schemaExists } from '../session/schemas.ts';
import type { ServerState } from '../session/server-state.ts';
import { NO_ROLES, type Session } from '../session/session.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { clipBytes } from '../sql/value/client-text.ts';
import type { Touches } from '../touches.ts';
import { CLIENT } from '../wire/constants.ts';
import { type Login, parseChangeUser, parseLogin } from '../wire/login.ts';
import type { ReplyWriter } from '../wire/replies.ts';
import { refusedAdmission } from './admission.ts';

/** Bytes of a user name in error 1045. */
const SHOWN_USER_BYTES = 48;
/** Levels zstd has. */
const ZSTD_LEVELS = 22;

/** Bytes of an SSLRequest that say what the client can and speaks. */
const REQUEST_BYTES = 32;

/** Inside TLS a login begins as its SSLRequest did: the server does not read a second time what that said. */
function asRequested(payload: Buffer, request: Buffer): Buffer {
  return payload.length < REQUEST_BYTES ? payload : Buffer.concat([request, payload.subarray(request.length)]);
}

/** What a connection lends its login. */
export interface LoginContext {
  readonly server: ServerState;
  readonly session: Session;
  readonly overlay: Overlay;
  readonly keys: ServerKeys;
  readonly reply: ReplyWriter;
  readonly touches: Touches;
  readonly now: () => number;
  /** Sends what the reply writer holds. */
  readonly write: () => void;
  /** Tells an error and closes. */
  readonly refuse: (error: SqlError) => void;
  /** Goes on with `then` once `promise` is there; until then nothing more is read. */
  readonly later: <T>(promise: Promise<T>, then: (value: T) => void) => void;
  readonly startTls: () => void;
  /** The client is let in, and knows it. */
  readonly accepted: (login: Login, changed: boolean) => void;
}

export class LoginPhase {
  readonly #context: LoginContext;
  /** What the greeting asked the client to answer. */
  readonly salt = newSalt();
  /** TLS as the touch tells it, once it is on. */
  tls: TouchLine['tls'];
  /** How the client asked for TLS, where it did. */
  #tlsRequest: Buffer = Buffer.alloc(0);
  #handshake: Handshake | undefined;
  #login: Login | undefined;
  #account: Account | undefined;
  #changing = false;

  constructor(context: LoginContext) {
    this.#context = context;
  }

  /** Takes the next message of the client. */
  message(payload: Buffer): void {
    if (this.#handshake) this.#step(this.#handshake.next(payload));
    else this.#firstPacket(payload);
  }

  #firstPacket(payload: Buffer): void {
    const { touches, reply, now, refuse, startTls } = this.#context;
    const parsed = parseLogin(asRequested(payload, this.#tlsRequest), this.tls !== undefined);
    if (parsed.kind === 'malformed') {
      touches.malformed(now(), payload, 'a login packet that is none', { code: 1043, user: parsed.user });
      reply.capabilities = parsed.capabilities & CLIENT.PROTOCOL_41;
      refuse(sqlError('ER_HANDSHAKE_ERROR'));
    } else if (parsed.kind === 'tls') {
      this.#tlsRequest = Buffer.from(payload.subarray(0, REQUEST_BYTES));
      startTls();
    } else this.#begin(parsed.login);
  }

  /** COM_CHANGE_USER: a login inside a connection. False where its body makes no sense. */
  changeUser(payload: Buffer, capabilities: number): boolean {
    const login = parseChangeUser(payload.subarray(1), capabilities);
    if (!login) return false;
    this.#changing = true;
    this.#begin(login);
    return true;
  }

  #begin(login: Login): void {
    const { reply, session, overlay } = this.#context;
    this.#login = login;
    reply.capabilities = login.capabilities;
    session.user = login.user;
    this.#account = findAccount(overlay, login.user, session.address);
    const refused = this.#refusedAtOnce(login);
    if (refused) {
      this.#fail(refused);
      return;
    }
    const pluginAuth = (login.capabilities & CLIENT.PLUGIN_AUTH) !== 0;
    this.#handshake = new Handshake({
      account: this.#loginAccount(login.user),
      salt: this.salt,
      newSalt,
      asksAgain: this.#changing,
      secure: this.tls !== undefined,
      clientPlugin: pluginAuth ? login.plugin : '',
      pluginAuth,
    });
    this.#step(this.#handshake.first(login.response));
  }

  #refusedAtOnce(login: Login): SqlError | undefined {
    const { capabilities, zstdLevel } = login;
    if (!(capabilities & CLIENT.PROTOCOL_41)) return sqlError('ER_NOT_SUPPORTED_AUTH_MODE');
    const zstd = capabilities & CLIENT.ZSTD_COMPRESSION && !(capabilities & CLIENT.COMPRESS) && !this.#changing;
    if (zstd && (zstdLevel < 1 || zstdLevel > ZSTD_LEVELS))
      return sqlError('ER_WRONG_COMPRESSION_LEVEL_CLIENT', 'zstd');
    return this.#charsetError(login);
  }

  #charsetError(login: Login): SqlError | undefined {
    const refused = setClientCollation(this.#context.session, login.collation);
    return refused ? sqlError('ER_WRONG_VALUE_FOR_VAR', 'character_set_client', refused) : undefined;
  }

  /** Unknown users are each given one of the server's two plugins, and keep it. */
  #loginAccount(user: string): LoginAccount {
    if (this.#account) return this.#account;
    const plugin = this.#context.server.hash(`plugin of ${user}`) % 2 === 0 ? SHA256_PASSWORD : CACHING_SHA2;
    return { plugin, password: undefined, cached: false };
  }

  #step(step: HandshakeStep): void {
    const { reply, write, later, keys } = this.#context;
    const handshake = this.#handshake as Handshake;
    switch (step.kind) {
      case 'send':
        reply.packet(step.bytes);
        write();
        return;
      case 'send-public-key':
        later(keys.password(), (key) => {
          reply.packet(Buffer.concat([Buffer.from([1]), Buffer.from(key.publicPem)]));
          write();
        });
        return;
      case 'decrypt':
        later(keys.password(), (key) =>
          this.#step(handshake.told(decryptPassword(key.privateKey, step.bytes, handshake.salt))),
        );
        return;
      case 'accept':
        if (step.before) reply.packet(step.before);
        if (step.full && this.#account) this.#account.cached = true;
        this.#accept();
        return;
      case 'refuse':
        this.#fail(this.#blocked(true) ?? this.#denied(step.usingPassword));
        return;
      default:
        this.#fail(sqlError('ER_NOT_SUPPORTED_AUTH_MODE'));
    }
  }

  #blocked(failed: boolean): SqlError | undefined {
    const { session, now } = this.#context;
    return this.#account && blockedAfter(this.#account, session.address, failed, now());
  }

  #denied(usingPassword: boolean): SqlError {
    return sqlError(
      'ER_ACCESS_DENIED_ERROR',
      clipBytes(this.#login?.user ?? '', SHOWN_USER_BYTES),
      this.#context.session.address,
      usingPassword ? 'YES' : 'NO',
    );
  }

  #fail(error: SqlError): void {
    const { session } = this.#context;
    if (this.#login) session.server.countedOf(session.overlay).accounts.came(this.#login.user, session.address);
    this.#record('failure', error.code);
    this.#context.refuse(error);
  }

  #accept(): void {
    const { session, accepted } = this.#context;
    const login = this.#login as Login;
    session.loggedIn(this.#account);
    session.clientCollation = login.collation;
    if (this.#changing) session.reset();
    const schema = canonicalSchema(login.database);
    setClientCollation(session, login.collation);
    if (this.#account)
      session.activeRoles = this.#account.defaultRoles.size ? new Set(this.#account.defaultRoles) : NO_ROLES;
    session.passwordExpired = this.#account?.terms.expired === true;
    session.usedPassword = login.response.length > 0;
    session.limits = limitsOf(this.#account?.terms);
    const held =
      this.#blocked(false) ??
      refusedAdmission({
        session,
        terms: this.#account?.terms,
        login,
        secure: this.tls !== undefined,
        changing: this.#changing,
        nowMs: this.#context.now(),
        denied: () => this.#denied(login.response.length > 0),
      });
    if (held) {
      this.#fail(held);
      return;
    }
    const refused = this.#databaseError(login, schema);
    session.database = '';
    if (refused) {
      this.#fail(refused);
      return;
    }
    session.database = schema;
    session.attributes = login.keptAttributes;
    if (login.capabilities & CLIENT.INTERACTIVE)
      session.variables.set('wait_timeout', session.readVariable('interactive_timeout', '').value);
    this.#record('success');
    const changed = this.#changing;
    this.#changing = false;
    this.#handshake = undefined;
    accepted(login, changed);
  }

  #databaseError(login: Login, schema: string): SqlError | undefined {
    if (login.database === '') return undefined;
    const wrong = identifierError(login.database);
    if (wrong) return wrong;
    const { session } = this.#context;
    if (session.privileges()?.seesSchema(schema) === false) return schemaDenied(session, login.database);
    return schemaExists(session, schema) ? undefined : sqlError('ER_BAD_DB_ERROR', login.database);
  }

  #record(outcome: 'success' | 'failure', errorCode?: number): void {
    const { touches, now, server } = this.#context;
    const login = this.#login as Login;
    const handshake = this.#handshake;
    touches.login(now(), {
      login,
      outcome,
      plugin: handshake?.responsePlugin || login.plugin,
      salt: handshake?.responseSalt ?? this.salt,
      response: handshake?.response ?? login.response,
      password: handshake?.password,
      tls: this.tls,
      errorCode,
      command: this.#changing ? 'COM_CHANGE_USER' : undefined,
      canary: server.leakedBy(login.user),
    });
    this.#login = undefined;
  }

  /** The client left: a login that had begun is a refused one. */
  abandoned(): void {
    if (this.#login) this.#record('failure');
  }
}
