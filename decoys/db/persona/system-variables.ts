// System variables: values, types, bounds and the errors of reading and writing each.
// Source: recorded from a live 9.7.4 by record.ts.
import * as data from './mysql-9.7.ts';
import { differences, kinds, lazily, type WireKind, wireKind } from './recorded.ts';

interface VariablesData {
  readonly names: readonly (readonly (string | number)[])[];
}

const variables = lazily<VariablesData>(() => data.VARIABLES);

export interface VariableFacts {
  readonly name: string;
  readonly value: string;
  readonly wire: WireKind | undefined;
  /** Boolean, Integer, Unsigned Integer, String, Enumeration, Set, Double … */
  readonly dataType: string;
  readonly min: string;
  readonly max: string;
  /** Errors of reading and writing at each scope; 0 where it works. */
  readonly readGlobal: number;
  readonly readSession: number;
  readonly writeGlobal: number;
  readonly writeSession: number;
  readonly isNull: boolean;
}

let variableFacts: Map<string, VariableFacts> | undefined;

/** Every system variable of the version in use, by lower-case name. */
export function allVariables(): Map<string, VariableFacts> {
  if (variableFacts) return variableFacts;
  variableFacts = new Map();
  for (const entry of variables().names) {
    const [name, value, kind, dataType, min, max, readGlobal, readSession, writeGlobal, writeSession, isNull] = entry;
    variableFacts.set(name as string, {
      name: name as string,
      value: value as string,
      wire: wireKind(kinds()[kind as number] ?? ''),
      dataType: dataType as string,
      min: min as string,
      max: max as string,
      readGlobal: readGlobal as number,
      readSession: readSession as number,
      writeGlobal: writeGlobal as number,
      writeSession: writeSession as number,
      isNull: isNull === 1,
    });
  }
  for (const [name, like] of Object.entries(differences().has.variables)) {
    const facts = variableFacts.get(like);
    if (facts) variableFacts.set(name, { ...facts, name });
  }
  for (const name of differences().lacks.variables) variableFacts.delete(name);
  if (Object.keys(differences().has.variables).length > 0)
    variableFacts = new Map([...variableFacts].sort(([a], [b]) => (a < b ? -1 : 1)));
  return variableFacts;
}
