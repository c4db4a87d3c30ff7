// What a decoy under Node's permission model gives up once it listens: the sockets and files it has open stay, new ones are refused;
// and no string becomes code any more. nodejs.org/api/permissions.html; neither can be undone from JavaScript.

/** Scopes a running decoy needs no longer: its bundle and addon are loaded, the kernel's counters are open, its ports listen. */
const SCOPES = ['net', 'addon', 'fs'] as const;

/** One of each kind of function: its constructor makes such functions of strings (ECMA-262 section 20.2.1.1.1). */
const KINDS = [() => undefined, async () => undefined, function* () {}, async function* () {}] as const;

export interface Needs {
  /** It makes functions of strings as it works. */
  readonly makesFunctions?: boolean;
}

/** Without `--permission` (npm start, tests) there is nothing to give up and this does nothing. */
export function lockDown({ makesFunctions = false }: Needs = {}): void {
  if (!process.permission) return;
  for (const scope of SCOPES) process.permission.drop(scope);
  if (!makesFunctions) refuseStrings();
}

/**
 * Not by V8's --disallow-code-generation-from-strings, which leaves node:vm too: with it V8 refuses the code cache of Node's own modules,
 * and a start takes 18 ms of CPU more.
 */
function refuseStrings(): void {
  for (const kind of KINDS) {
    const prototype: object = Object.getPrototypeOf(kind);
    pin(prototype, 'constructor', refusal(prototype));
  }
  pin(globalThis, 'Function', Function.prototype.constructor);
  pin(globalThis, 'eval', refusal());
}

/** Throws whenever it is called; `prototype` is what `instanceof` compares. */
function refusal(prototype?: object): () => never {
  function refuse(): never {
    throw new EvalError('Code generation from strings disallowed for this context');
  }
  return Object.defineProperty(refuse, 'prototype', { value: prototype });
}

function pin(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: false, configurable: false });
}
