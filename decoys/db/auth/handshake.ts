// What the server says after a login packet until it lets in or refuses: auth switch, fast and full authentication.
// A pure machine: bytes in, what to send and what was learnt out. Source: sha2_password.cc's exchange as recorded from 9.7.
import { cachingSha2Response, SHA2_RESPONSE_BYTES } from './scramble.ts';

export const CACHING_SHA2 = 'caching_sha2_password';
export const SHA256_PASSWORD = 'sha256_password';

const REQUEST_PUBLIC_KEY = { [CACHING_SHA2]: 2, [SHA256_PASSWORD]: 1 } as const;
const FAST_AUTH_OK = Buffer.from([1, 3]);
const FULL_AUTH = Buffer.from([1, 4]);

export type AuthPlugin = typeof CACHING_SHA2 | typeof SHA256_PASSWORD;

/** An account as the login sees it; `password` undefined is one that no password opens. */
export interface LoginAccount {
  readonly plugin: AuthPlugin;
  readonly password: string | undefined;
  /** The password before it, where that opens the account too. */
  readonly retained?: string | undefined;
  /** True once a full login put the password in the server's cache. */
  readonly cached: boolean;
}

export interface HandshakeInput {
  readonly account: LoginAccount;
  /** The greeting's salt. */
  readonly salt: Buffer;
  readonly newSalt: () => Buffer;
  /** COM_CHANGE_USER: what the client answered before is asked again, to a new salt. */
  readonly asksAgain: boolean;
  readonly secure: boolean;
  /** Plugin the client named; empty for clients that know none. */
  readonly clientPlugin: string;
  readonly pluginAuth: boolean;
}

export type HandshakeStep =
  | { readonly kind: 'send'; readonly bytes: Buffer }
  | { readonly kind: 'send-public-key' }
  | { readonly kind: 'decrypt'; readonly bytes: Buffer }
  | { readonly kind: 'accept'; readonly before?: Buffer; readonly full: boolean }
  | { readonly kind: 'refuse'; readonly usingPassword: boolean }
  | { readonly kind: 'unsupported' };

const EMPTY = Buffer.alloc(0);

/** No password is an empty answer, or a lone NUL. */
function isEmpty(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0);
}

type State = 'response' | 'full' | 'encrypted';

export class Handshake {
  readonly #input: HandshakeInput;
  #state: State = 'response';
  /** What the client answers to. */
  salt: Buffer;
  /** What the client answered to the salt, the plugin it meant it for, and the clear password where it told. */
  response: Buffer = Buffer.alloc(0);
  responsePlugin: string;
  /** What that answered to. */
  responseSalt: Buffer;
  password: string | undefined;

  constructor(input: HandshakeInput) {
    this.#input = input;
    this.salt = input.salt;
    this.responseSalt = input.salt;
    this.responsePlugin = input.clientPlugin;
  }

  /** The first answer, which came inside the login packet. */
  first(response: Buffer): HandshakeStep {
    const { account, clientPlugin, pluginAuth, asksAgain, newSalt } = this.#input;
    this.response = isEmpty(response) ? EMPTY : response;
    // The greeting asked for caching_sha2_password, so an answer for any other plugin is asked for anew; that one repeats its salt.
    const asked = account.plugin === CACHING_SHA2 && !asksAgain;
    if (asked && pluginAuth && clientPlugin.toLowerCase() === CACHING_SHA2) return this.next(response);
    if (!pluginAuth) return { kind: 'unsupported' };
    if (!asked) this.salt = newSalt();
    const name = Buffer.from(`${account.plugin}\0`);
    return { kind: 'send', bytes: Buffer.concat([Buffer.from([0xfe]), name, this.salt, Buffer.from([0])]) };
  }

  next(bytes: Buffer): HandshakeStep {
    if (this.#state === 'encrypted') return { kind: 'decrypt', bytes };
    if (this.#state === 'full') return this.#full(bytes);
    const { account } = this.#input;
    const { salt } = this;
    if (isEmpty(bytes)) return this.#empty();
    this.response = bytes;
    this.responsePlugin = account.plugin;
    this.responseSalt = salt;
    if (account.plugin === SHA256_PASSWORD) {
      this.#state = 'full';
      return this.#full(bytes);
    }
    if (bytes.length !== SHA2_RESPONSE_BYTES) return { kind: 'refuse', usingPassword: true };
    const known = [account.password, account.retained].filter((password) => password !== undefined);
    if (account.cached && known.some((password) => cachingSha2Response(password, salt).equals(bytes))) {
      return { kind: 'accept', before: FAST_AUTH_OK, full: false };
    }
    this.#state = 'full';
    return { kind: 'send', bytes: FULL_AUTH };
  }

  #empty(): HandshakeStep {
    this.response = EMPTY;
    if (this.#input.account.password === '') return { kind: 'accept', full: false };
    return { kind: 'refuse', usingPassword: false };
  }

  #full(bytes: Buffer): HandshakeStep {
    if (bytes.length === 1 && bytes[0] === REQUEST_PUBLIC_KEY[this.#input.account.plugin] && !this.#input.secure) {
      this.#state = 'encrypted';
      return { kind: 'send-public-key' };
    }
    if (!this.#input.secure) return { kind: 'decrypt', bytes };
    const end = bytes.indexOf(0);
    return this.told(bytes.toString('utf8', 0, end < 0 ? bytes.length : end));
  }

  /** The clear password, from TLS or decrypted; undefined where decryption failed. */
  told(password: string | undefined): HandshakeStep {
    this.password = password;
    const { account } = this.#input;
    if (
      password !== undefined &&
      account.password !== undefined &&
      account.password !== '' &&
      (account.password === password || account.retained === password)
    ) {
      return { kind: 'accept', full: true };
    }
    return { kind: 'refuse', usingPassword: true };
  }
}
