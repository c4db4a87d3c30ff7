// Text → touch line: unwraps what container runtimes put around it and checks what later stages rely on.
// A decoy is not trusted here: a captured one may write anything.
import { isIP } from 'node:net';
import { LINE_BYTES } from '../../decoys/touch/caps.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { misfit } from './optional-fields.ts';

/** Bytes of one line of input; touch lines are under 8 KiB, runtimes wrap them in little more. */
export const INPUT_LINE_BYTES = 65_536;

/** Ids and actions are remembered, so they are short. */
const NAME_CHARS = 64;
/** Of a line that is none. */
const QUOTED_CHARS = 100;

/** As decoys write it, RFC 3339 in UTC: a year has four digits, or what is made of it would be no time for others. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

export type Read =
  | { readonly kind: 'touch' | 'heartbeat'; readonly line: TouchLine }
  | { readonly kind: 'foreign'; readonly reason: string };

// CRI: `2026-11-23T04:26:32.127Z stdout F {…}` (Kubernetes CRI log format).
const CRI_PREFIX = /^\S{1,40} (?:stdout|stderr) [FP](?::\S{0,64})? /;

/** Takes a line from a CRI or docker json-file log, or as the decoy wrote it. */
export function unwrap(text: string): string {
  const start = text.charCodeAt(0);
  if (start >= 0x30 && start <= 0x39) {
    const prefix = CRI_PREFIX.exec(text);
    return prefix ? text.slice(prefix[0].length) : text;
  }
  if (!text.startsWith('{"log":"')) return text;
  try {
    const wrapped = JSON.parse(text) as { log?: unknown };
    return typeof wrapped.log === 'string' ? wrapped.log.trimEnd() : text;
  } catch {
    return text; // Not docker's form after all; the reader below says what is wrong with it.
  }
}

/** Reads one line. Never throws: what is no touch line is `foreign`, with the reason. */
export function readLine(text: string): Read {
  if (text.length > INPUT_LINE_BYTES) return foreign(`a line of ${text.length} characters`);
  const inner = unwrap(text);
  if (inner.length > LINE_BYTES) return foreign(`a line of ${inner.length} characters, more than any touch line has`);
  let value: unknown;
  try {
    value = JSON.parse(inner);
  } catch {
    // What began as JSON is not quoted: a touch line cut in two may hold a password.
    return foreign(inner.startsWith('{') ? 'cut JSON' : `not JSON: ${quoted(inner)}`);
  }
  const problem = problemOf(value);
  if (problem) return foreign(problem);
  const line = value as TouchLine;
  return { kind: line.event.kind === 'metric' ? 'heartbeat' : 'touch', line };
}

/** Its beginning, in characters no terminal acts on: what a decoy says to stderr comes in its log too. */
function quoted(text: string): string {
  return text.slice(0, QUOTED_CHARS).replaceAll(/[^\x20-\x7e]/g, '?');
}

function foreign(reason: string): Read {
  return { kind: 'foreign', reason };
}

type Loose = { readonly [key: string]: Loose | undefined };

/** The first field that is not what later stages take it for, or an empty string. */
function problemOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return 'not an object';
  const line = value as Loose;
  const { event, honeypod, orchestrator, source, destination, network } = line as Record<string, Loose | undefined>;
  if (!isObject(event) || is(event.module) !== 'honeypod') return 'event.module is not honeypod';
  if (is(event.kind) !== 'event' && is(event.kind) !== 'metric') return 'event.kind is neither event nor metric';
  for (const key of ['action', 'id'] as const)
    if (!isName(event[key])) return `event.${key} is not text of at most ${NAME_CHARS} characters`;
  if (!isCount(event.sequence)) return 'event.sequence is not a number';
  if (!isTime(line['@timestamp'])) return '@timestamp is not a time';
  for (const key of ['start', 'end'] as const)
    if (event[key] !== undefined && !isTime(event[key])) return `event.${key} is not a time`;
  if (!isObject(honeypod) || typeof is(honeypod.decoy) !== 'string') return 'honeypod.decoy is not text';
  if (honeypod.count !== undefined && !isCount(honeypod.count)) return 'honeypod.count is not a number';
  const resource = isObject(orchestrator) ? orchestrator.resource : undefined;
  if (!isObject(resource) || typeof is(resource.name) !== 'string') return 'orchestrator.resource.name is not text';
  if (!isTexts(resource.label)) return 'orchestrator.resource.label is not a list of texts';
  for (const [name, side] of [
    ['source', source],
    ['destination', destination],
  ] as const) {
    if (side === undefined) continue;
    if (!isObject(side)) return `${name} is not an object`;
    if (side.ip !== undefined && !isAddress(side.ip)) return `${name}.ip is not an address`;
    if (side.port !== undefined && !isCount(side.port)) return `${name}.port is not a number`;
  }
  if (network !== undefined && !isObject(network)) return 'network is not an object';
  const scan = honeypod.scan;
  if (scan !== undefined && !isObject(scan)) return 'honeypod.scan is not an object';
  if (isObject(scan) && scan.ports !== undefined && typeof is(scan.ports) !== 'string')
    return 'honeypod.scan.ports is not text';
  return misfit(value);
}

function is(value: unknown): unknown {
  return value;
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= NAME_CHARS;
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && isIP(value) > 0;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && TIME.test(value) && Number.isFinite(Date.parse(value));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
