// Lines that come out of a program, each checked against the published schema as it arrives.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import { LINE_BYTES } from '../../decoys/touch/caps.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';

export const DIST = join(import.meta.dirname, '..', '..', 'dist');

type Validate = ((value: unknown) => boolean) & { errors?: unknown };

const compiled = new Map<string, Validate>();

/** Parses one touch line; throws where it is not JSON, too long or not what the schema says. */
export function parseLine(text: string): TouchLine {
  const bytes = Buffer.byteLength(text) + 1;
  if (bytes >= LINE_BYTES) throw new Error(`a line of ${bytes} bytes: ${text.slice(0, 200)}…`);
  const value: unknown = JSON.parse(text);
  check(value, 'touch.schema.json', text);
  return value as TouchLine;
}

/** Parses one alert line; throws where it is not JSON or not what its schema says. */
export function parseAlert(text: string): AlertLine {
  const value: unknown = JSON.parse(text);
  check(value, 'alert.schema.json', text);
  return value as AlertLine;
}

function check(value: unknown, schema: string, text: string): void {
  const validate = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, validate);
  if (!validate(value)) throw new Error(`line against schema: ${JSON.stringify(validate.errors)}\n${text}`);
}

function compile(schema: string): Validate {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(DIST, schema), 'utf8')) as object);
}

/** Touch lines only: heartbeats left out. */
export function touchesOf(lines: readonly TouchLine[]): TouchLine[] {
  return lines.filter((line) => line.event.kind === 'event');
}

/** How many touches the lines stand for. */
export function countOf(lines: readonly TouchLine[]): number {
  return lines.reduce((sum, line) => sum + (line.event.kind === 'event' ? (line.honeypod.count ?? 0) : 0), 0);
}
