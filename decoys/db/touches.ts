// What a connection records: one function a kind of touch, pure but for the recorder it hands them to.
import { createHash } from 'node:crypto';
import type { Recorder } from '../touch/recorder.ts';
import type { HoneypodFields, Outcome, TouchLine } from '../touch/schema.ts';
import { type Endpoint, PRIORITY, type Touch } from '../touch/touch.ts';
import { hashcatForm } from './auth/scramble.ts';
import { hideSecrets } from './hide-secrets.ts';
import { TOUCH_PAYLOAD_BYTES, TOUCH_STATEMENT_BYTES } from './limits.ts';
import type { Signature } from './signatures/rule.ts';
import type { Login } from './wire/login.ts';

const TCP = 6;
const SHOWN_BYTES = 120;
const NS_A_MS = 1_000_000;

export interface ConnectionFacts {
  readonly session: string;
  readonly connectionId: number;
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

type Mysql = NonNullable<HoneypodFields['mysql']>;

export interface LoginFacts {
  readonly login: Login;
  readonly outcome: Outcome;
  readonly plugin: string;
  readonly salt: Buffer;
  readonly response: Buffer;
  readonly password: string | undefined;
  readonly tls: TouchLine['tls'] | undefined;
  readonly errorCode?: number;
  readonly command?: string;
  /** Where the user name was leaked, if it is a canary's. */
  readonly canary?: string | undefined;
}

export interface StatementFacts {
  readonly command: string;
  /** The statement's bytes; a long one's head and tail. */
  readonly text: Buffer;
  readonly bytes: number;
  readonly sha256: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly signature: Signature | undefined;
  readonly parameters?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly error?: { readonly code: number; readonly sqlstate: string };
  readonly rows?: number;
  readonly durationMs: number;
}

/** What is known of bytes that made no sense. */
export interface MalformedFacts {
  /** `network.protocol`, mysql where it is not told. */
  readonly application?: string;
  /** What the client was told. */
  readonly code?: number;
  readonly user?: string | undefined;
  readonly tls?: TouchLine['tls'] | undefined;
}

/** Printable ASCII as it is, everything else as \xNN, backslash doubled; one pass, no expression. */
function escaped(bytes: Buffer): string {
  let out = '';
  for (const byte of bytes) {
    if (byte === 0x5c) out += '\\\\';
    else if (byte >= 0x20 && byte < 0x7f) out += String.fromCharCode(byte);
    else out += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return out;
}

function shownText(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return line.length > SHOWN_BYTES ? `${line.slice(0, SHOWN_BYTES)}…` : line;
}

/** Text of a statement at most TOUCH_STATEMENT_BYTES long, with its length and sha256 where it is longer. */
function statementFields(facts: StatementFacts): Pick<Mysql, 'statement' | 'statement_bytes' | 'statement_sha256'> {
  if (facts.bytes <= TOUCH_STATEMENT_BYTES && !facts.sha256) return { statement: facts.text.toString('utf8') };
  return {
    statement: facts.text.subarray(0, TOUCH_STATEMENT_BYTES).toString('utf8'),
    statement_bytes: facts.bytes,
    statement_sha256: facts.sha256 ?? createHash('sha256').update(facts.text).digest('hex'),
  };
}

/** What was hidden must not be found by its hash either. */
function withoutSecrets(facts: StatementFacts): StatementFacts {
  const text = facts.text.toString('utf8');
  const hidden = hideSecrets(text);
  return hidden === text ? facts : { ...facts, text: Buffer.from(hidden), sha256: undefined };
}

/** What a kind of touch says beyond what all touches of its connection say. */
type OwnFields = Omit<Touch, 'source' | 'destination' | 'protocol' | 'application'>;

export class Touches {
  readonly #recorder: Recorder;
  readonly #facts: ConnectionFacts;
  /** Touches this connection has left. */
  count = 0;

  constructor(recorder: Recorder, facts: ConnectionFacts) {
    this.#recorder = recorder;
    this.#facts = facts;
  }

  #whole(touch: OwnFields, application = 'mysql'): Touch {
    const { source, destination, session } = this.#facts;
    return { ...touch, source, destination, protocol: TCP, application, honeypod: { session, ...touch.honeypod } };
  }

  #record(touch: OwnFields, application?: string): void {
    this.count++;
    this.#recorder.touch(this.#whole(touch, application));
  }

  /** A touch as one before, at another time. */
  again(at: number, touch: Touch): void {
    this.count++;
    this.#recorder.touch({ ...touch, at });
  }

  connect(at: number, reason: string): void {
    const { ip } = this.#facts.source;
    this.#record({
      action: 'tcp-connect',
      at,
      reason,
      priority: PRIORITY.completed,
      message: `connection from ${ip}, nothing said`,
    });
  }

  login(at: number, facts: LoginFacts): void {
    const { login, outcome, plugin, salt, response, password } = facts;
    const attributes = Object.fromEntries(login.attributes);
    const tried = response.length > 0;
    const credential: HoneypodFields['credential'] = {
      user: login.user,
      ...(password !== undefined ? { password } : tried ? {} : { password: '' }),
      ...(password === undefined && tried
        ? {
            salt: salt.toString('hex'),
            scramble: response.toString('hex'),
            hashcat: hashcatForm(plugin, salt, response),
          }
        : {}),
    };
    const mysql: Mysql = {
      command: facts.command,
      connection_id: this.#facts.connectionId,
      auth_plugin: login.plugin || plugin,
      capabilities: login.capabilities,
      ...(login.database ? { database: login.database } : {}),
      ...(login.attributes.size > 0
        ? {
            attributes,
            client: [attributes._client_name, attributes._client_version].filter(Boolean).join(' ') || undefined,
          }
        : {}),
      ...(facts.errorCode ? { error_code: facts.errorCode } : {}),
    };
    const { canary } = facts;
    const foldOn = canary ?? (outcome === 'success' ? 'success' : `failure ${login.user}`);
    this.#record({
      action: 'mysql-login',
      at,
      outcome,
      user: login.user,
      tls: facts.tls,
      techniques: canary ? ['T1078', 'T1550.001'] : outcome === 'success' ? undefined : ['T1110.001'],
      priority: canary ? PRIORITY.signature : PRIORITY.completed,
      urgent: canary !== undefined,
      foldKey: foldOn,
      honeypod: { mysql, credential, ...(canary ? { canary } : {}) },
      message: `login as ${shownText(login.user) || '(no name)'} ${outcome === 'success' ? 'let in' : 'refused'}`,
    });
  }

  statement(at: number, told: StatementFacts): void {
    this.count++;
    this.#recorder.touch(this.statementTouch(at, told));
  }

  /** The touch of a statement, not yet recorded. */
  statementTouch(at: number, told: StatementFacts): Touch {
    const facts = this.#recorder.logCredentials ? told : withoutSecrets(told);
    const { source, destination, session } = this.#facts;
    return {
      action: 'mysql-query',
      at,
      source,
      destination,
      protocol: TCP,
      bytes: facts.bytes,
      priority: facts.signature?.serious ? PRIORITY.signature : PRIORITY.completed,
      foldKey: facts.signature?.name ?? facts.command,
      urgent: facts.signature?.serious,
      message: `${facts.command} ${shownText(facts.text.toString('utf8', 0, 400))}`,
      details: () => ({
        outcome: facts.error ? 'failure' : 'success',
        application: 'mysql',
        user: facts.user,
        duration: Math.round(facts.durationMs * NS_A_MS),
        techniques: facts.signature?.techniques,
        honeypod: {
          session,
          mysql: this.#statement(facts),
          ...(facts.signature ? { signature: facts.signature.name } : {}),
          ...(facts.bytes > TOUCH_STATEMENT_BYTES ? { truncated: true } : {}),
        },
      }),
    };
  }

  #statement(facts: StatementFacts): Mysql {
    return {
      command: facts.command,
      connection_id: this.#facts.connectionId,
      ...statementFields(facts),
      ...(facts.database ? { database: facts.database } : {}),
      ...(facts.parameters && facts.parameters.length > 0 ? { parameters: [...facts.parameters] } : {}),
      ...(facts.attributes && Object.keys(facts.attributes).length > 0 ? { attributes: facts.attributes } : {}),
      ...(facts.error ? { error_code: facts.error.code, sqlstate: facts.error.sqlstate } : {}),
      ...(facts.rows === undefined ? {} : { rows: facts.rows }),
    };
  }

  command(at: number, command: string, user: string, fields: Mysql, error?: number): void {
    this.#record({
      action: 'mysql-command',
      at,
      outcome: error ? 'failure' : 'success',
      user,
      priority: PRIORITY.completed,
      foldKey: command,
      honeypod: {
        mysql: { command, connection_id: this.#facts.connectionId, ...fields, ...(error ? { error_code: error } : {}) },
      },
      message: command,
    });
  }

  /** Bytes that are no MySQL, or no MySQL where they came. */
  malformed(at: number, bytes: Buffer, reason: string, facts: MalformedFacts = {}): void {
    const { application = 'mysql', code, user, tls } = facts;
    this.#record(
      {
        action: 'mysql-malformed',
        at,
        outcome: 'failure',
        ...(user ? { user } : {}),
        ...(tls ? { tls } : {}),
        reason,
        bytes: bytes.length,
        priority: PRIORITY.completed,
        foldKey: reason,
        honeypod: {
          payload: escaped(bytes.subarray(0, TOUCH_PAYLOAD_BYTES)),
          payload_bytes: bytes.length,
          payload_sha256: createHash('sha256').update(bytes).digest('hex'),
          mysql: { connection_id: this.#facts.connectionId, ...(code ? { error_code: code } : {}) },
        },
        message: reason,
      },
      application,
    );
  }

  /** The end of a connection that was let in. */
  close(at: number, user: string, durationMs: number): void {
    this.#record({
      action: 'mysql-close',
      at,
      user,
      duration: Math.round(durationMs * NS_A_MS),
      priority: PRIORITY.completed,
      honeypod: { mysql: { connection_id: this.#facts.connectionId } },
      message: 'connection closed',
    });
  }
}
