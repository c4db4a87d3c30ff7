// Alert lines to a stream: standard output.
import type { Sink } from '../../../decoys/touch/sink.ts';
import { DeliveryError, type Output } from '../output.ts';
import { alertText } from './payload.ts';

const BATCH = 128;

export interface StdoutOptions {
  readonly sink: Sink;
  readonly name?: string;
  readonly minSeverity?: number;
  readonly passwords?: boolean;
}

export function stdoutOutput({ sink, name = 'stdout', minSeverity = 1, passwords = false }: StdoutOptions): Output {
  return {
    name,
    minSeverity,
    batch: BATCH,
    lanes: 1,
    async post(notices) {
      const text = notices.map(({ event, kind, atMs }) => alertText(event, atMs, { kind, passwords })).join('');
      if (!sink.write(text)) throw new DeliveryError('is not read', { retry: true });
      await sink.end();
    },
  };
}
