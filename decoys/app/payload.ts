// What a packet carried, as evidence: a printable prefix and the digest of all of it.
import { createHash } from 'node:crypto';
import { escapeBytes } from '../touch/caps.ts';
import type { HoneypodFields } from '../touch/schema.ts';

/** Bytes of a payload shown in a line. */
const PREFIX_BYTES = 256;

type PayloadFields = Pick<HoneypodFields, 'payload' | 'payload_bytes' | 'payload_sha256'>;

/** Nothing for an empty payload. */
export function payloadFields(payload: Buffer): PayloadFields {
  if (payload.length === 0) return {};
  return {
    payload: escapeBytes(payload, PREFIX_BYTES),
    payload_bytes: payload.length,
    payload_sha256: createHash('sha256').update(payload).digest('hex'),
  };
}
