// The configuration file: when events close and are told of again, and the outputs. YAML, checked as a whole: every
// mistake is one line, and with any of them the program does not start.
import { readFileSync, statSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { UserError } from '../../decoys/touch/errors.ts';
import type { Env } from '../../decoys/touch/settings.ts';
import { stdoutOutput } from '../outputs/stdout/post.ts';
import { Fields } from './fields.ts';
import { type MakeOutput, OUTPUT_TYPES } from './output-types.ts';

const FILE_BYTES = 1_048_576;
const OUTPUTS = 32;
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface Config {
  readonly quietMs?: number;
  readonly remindMs?: number;
  readonly longestPauseMs?: number;
  readonly keptMs?: number;
  /** Alert lines on standard output stand first unless the file turns them off. */
  readonly outputs: readonly MakeOutput[];
}

export const DEFAULT_CONFIG: Config = { outputs: [({ sink }) => stdoutOutput({ sink })] };

/** Reads and checks the file. Throws UserError with one line a mistake. */
export function loadConfig(path: string, env: Env): Config {
  let text: string;
  try {
    if (statSync(path).size > FILE_BYTES)
      throw new UserError('BAD_CONFIG', `--config ${path}: larger than ${FILE_BYTES} bytes`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('BAD_CONFIG', `--config ${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const { config, mistakes } = parseConfig(text, env);
  if (!config)
    throw new UserError('BAD_CONFIG', mistakes.map((mistake) => `--config ${path}: ${mistake}`).join('\nalerts: '));
  return config;
}

/** `config` is absent where there are mistakes. */
export function parseConfig(
  text: string,
  env: Env,
): { readonly config?: Config; readonly mistakes: readonly string[] } {
  const document = parseDocument(text, { logLevel: 'silent' });
  const [problem] = document.errors;
  if (problem) return { mistakes: [problem.message.split('\n', 1)[0]!.replace(/:$/, '')] };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { mistakes: [(error as Error).message] };
  }
  const mistakes: string[] = [];
  const top = new Fields(value, '', mistakes, env);
  const events = top.map('events');
  const delivery = top.map('delivery');
  const config: Config = {
    quietMs: events.duration('quiet', SECOND_MS, 7 * DAY_MS),
    remindMs: events.duration('remind', SECOND_MS, 7 * DAY_MS),
    longestPauseMs: delivery.duration('longestPause', 100, HOUR_MS),
    keptMs: delivery.duration('keep', SECOND_MS, 30 * DAY_MS),
    outputs: readOutputs(top),
  };
  for (const fields of [top, events, delivery]) fields.end();
  return mistakes.length > 0 ? { mistakes } : { config, mistakes };
}

function readOutputs(top: Fields): MakeOutput[] {
  const types = Object.keys(OUTPUT_TYPES);
  const outputs: MakeOutput[] = [];
  const names = new Set<string>();
  let standard = true;
  for (const fields of top.list('outputs', OUTPUTS)) {
    const type = fields.choice('type', types);
    if (type === undefined) {
      if (!fields.has('type')) fields.refuse('type', `is missing: one of ${types.join(', ')}`);
      continue;
    }
    if (type === 'stdout') standard = false;
    const name = fields.text('name') ?? type;
    if (!NAME.test(name)) fields.refuse('name', `${JSON.stringify(name)} must be lower-case letters, digits and "-"`);
    if (name === 'stdout' && type !== 'stdout')
      fields.refuse('name', '"stdout" is the name of the output to standard output');
    if (names.has(name))
      fields.refuse('name', `${JSON.stringify(name)} is taken by an output before; give each a name of its own`);
    names.add(name);
    const off = fields.flag('off') ?? false;
    const common = {
      name,
      minSeverity: fields.whole('minSeverity', 1, 100),
      passwords: fields.flag('passwords'),
    };
    const make = OUTPUT_TYPES[type]?.(fields, common);
    fields.end();
    if (make && !off) outputs.push(make);
  }
  return standard ? [...DEFAULT_CONFIG.outputs, ...outputs] : outputs;
}
