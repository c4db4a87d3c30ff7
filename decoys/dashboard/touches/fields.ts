// The parts touches of the dashboard are put together from: what every connection has, bytes as evidence, what a finding adds.
import { createHash } from 'node:crypto';
import type { TechniqueId } from '../../touch/actions.ts';
import { escapeBytes } from '../../touch/caps.ts';
import { PRIORITY, type Touch } from '../../touch/touch.ts';
import type { Peer } from '../http/peer.ts';
import type { Finding } from '../signatures/scrutiny.ts';

const TCP = 6;

/** Which of the two ports was touched. */
export type EndpointName = 'debug' | 'lure';

/** The parts of a touch that every connection has. */
export function connectionFields(peer: Peer, at: number, endpoint: EndpointName) {
  return {
    at,
    source: { ip: peer.address, port: peer.port },
    destination: { ip: peer.localAddress, port: peer.localPort },
    protocol: TCP,
    priority: PRIORITY.completed,
    honeypod: { session: peer.session, endpoint },
  } as const;
}

/** Bytes as evidence; left out where tried passwords may not be logged, since they may hold one. */
export function payload(sent: Buffer, bytes: number, open: boolean, sha256?: string) {
  if (sent.length === 0) return {};
  if (!open) return { payload_bytes: bytes };
  return {
    payload: escapeBytes(sent),
    payload_bytes: bytes,
    payload_sha256: sha256 ?? createHash('sha256').update(sent).digest('hex'),
  };
}

export function signature(finding: Finding | undefined): { signature?: string } {
  return finding === undefined ? {} : { signature: finding.name };
}

export function techniques(finding: Finding | undefined): { techniques?: readonly TechniqueId[] } {
  return finding === undefined ? {} : { techniques: finding.techniques };
}

export function priorityOf(
  finding: Pick<Finding, 'urgent' | 'benign'> | undefined,
): Pick<Touch, 'priority' | 'urgent'> {
  if (finding === undefined || finding.benign) return {};
  return { priority: PRIORITY.signature, ...(finding.urgent ? { urgent: true } : {}) };
}
