// The self-test: one harmless connection from here to each decoy, followed through its touch to its security event.
// It is known by the connection's own addresses and ports, which the kernel sets; never by bytes, which an intruder could copy.
import { createSocket } from 'node:dgram';
import { connect, isIPv4 } from 'node:net';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import type { Culprit } from '../attribution/culprit.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import type { Proof } from './api.ts';
import type { SeenDecoy } from './decoys.ts';

/** From the first packet to the security event at most. */
const PROVE_MS = 8_000;
const CONNECT_MS = 3_000;
/** How long the decoy may speak of a connection after it was made (time-outs and closings are touches too). */
const REMEMBER_MS = 120_000;
/** Self-tests remembered; the oldest is forgotten first. */
const REMEMBERED = 1_024;
/** Decoys tried in one self-test, and at once. */
const DECOYS = 256;
const AT_ONCE = 16;
const TRIES = 5;
/** The app decoy opens no port; asking for a closed one is a touch. 7 is echo, and harmless. */
const CLOSED_PORT = 7;
const FIRST_PORT = 20_000;
const PORTS = 12_000;

export const SELF_TEST: Culprit = {
  kind: 'self-test',
  confidence: 'exact',
  namespace: '-',
  name: 'self-test',
  nameAggr: 'self-test',
  type: 'net',
  labels: [],
  uid: 'self-test',
};

interface Expected {
  readonly decoy: SeenDecoy;
  readonly from: { readonly ip: string; readonly port: number };
  readonly to: { readonly ip: string; readonly port: number };
  readonly startedMs: number;
  touchMs?: number;
  readonly touched: Set<string>;
  onEvent?: (event: SecurityEvent, nowMs: number) => void;
}

export interface Prover {
  /** Whether this touch is of a connection the self-test made. */
  isSelfTest(line: TouchLine, nowMs: number): boolean;
  event(event: SecurityEvent, nowMs: number): void;
  /** Touches each decoy once; resolves with what became of it, one entry a decoy. Never rejects. */
  prove(decoys: readonly SeenDecoy[]): Promise<Proof[]>;
}

export interface ProverOptions {
  readonly now?: () => number;
  readonly random?: () => number;
  readonly onProven: (pod: string, atMs: number) => Promise<void>;
}

export function createProver({ now = Date.now, random = Math.random, onProven }: ProverOptions): Prover {
  const expected = new Map<string, Expected>();

  async function proveOne(decoy: SeenDecoy): Promise<Proof> {
    const failed = (problem: string, more: Partial<Proof> = {}): Proof => ({
      decoy: decoy.decoy,
      pod: decoy.pod,
      ok: false,
      problem,
      ...more,
    });
    const ip = decoy.ips.find(isIPv4) ?? decoy.ips[0];
    if (ip === undefined) return failed('its heartbeat names no address');
    if (decoy.decoy === 'app' && decoy.mode === 'counters')
      return failed('it runs in counters mode, which sees no source: a touch cannot be told from others');
    const port = decoy.decoy === 'app' ? CLOSED_PORT : decoy.ports[0];
    if (port === undefined) return failed('its heartbeat names no port');
    let local: string;
    try {
      local = await addressTowards(ip, port);
    } catch (error) {
      return failed(`there is no way to ${ip}: ${codeOf(error)}`);
    }
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const from = { ip: local, port: FIRST_PORT + Math.floor(random() * PORTS) };
      const expectation: Expected = { decoy, from, to: { ip, port }, startedMs: now(), touched: new Set() };
      const key = keyOf(decoy.decoy, from.ip, from.port, port);
      if (expected.has(key)) continue;
      const seen = follow(expectation);
      remember(key, expectation);
      const problem = await touch(expectation);
      if (problem === 'EADDRINUSE') {
        expected.delete(key);
        continue;
      }
      const connection = `${from.ip}:${from.port} → ${ip}:${port}`;
      if (problem !== '' && problem !== 'ECONNREFUSED') return failed(`cannot be reached (${problem})`, { connection });
      const event = await seen;
      const touchMs = expectation.touchMs === undefined ? undefined : expectation.touchMs - expectation.startedMs;
      if (event === undefined)
        return failed(
          touchMs === undefined
            ? `no touch line arrived within ${PROVE_MS / 1_000} s: the decoy is dead or its log is not read`
            : `its touch arrived but no rule opened a security event within ${PROVE_MS / 1_000} s`,
          { connection, touchMs },
        );
      await onProven(decoy.pod, now());
      return {
        decoy: decoy.decoy,
        pod: decoy.pod,
        ok: true,
        ms: event.atMs - expectation.startedMs,
        touchMs,
        event: event.id,
        connection,
      };
    }
    return failed('no free local port was found');
  }

  function remember(key: string, expectation: Expected): void {
    if (expected.size >= REMEMBERED) expected.delete(expected.keys().next().value ?? '');
    expected.set(key, expectation);
  }

  function follow(expectation: Expected): Promise<{ id: string; atMs: number } | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), PROVE_MS);
      expectation.onEvent = (event, atMs) => {
        clearTimeout(timer);
        resolve({ id: event.id, atMs });
      };
    });
  }

  return {
    isSelfTest(line, nowMs) {
      if (expected.size === 0) return false;
      const { source, destination, honeypod, event } = line;
      const key = keyOf(honeypod.decoy, source?.ip ?? '', source?.port ?? 0, destination?.port ?? 0);
      const found = expected.get(key);
      if (!found || destination?.ip !== found.to.ip) return false;
      if (nowMs - found.startedMs > REMEMBER_MS) {
        expected.delete(key);
        return false;
      }
      // A folded line speaks of other packets too: those are not ours to explain away.
      if ((honeypod.count ?? 1) > 1) return false;
      found.touchMs ??= nowMs;
      if (found.touched.size < 16) found.touched.add(event.id);
      return true;
    },
    event(event, nowMs) {
      if (event.culprit.kind !== 'self-test') return;
      for (const expectation of expected.values()) {
        if (!expectation.onEvent || !expectation.touched.has(event.last.id)) continue;
        expectation.onEvent(event, nowMs);
        expectation.onEvent = undefined;
      }
    },
    async prove(decoys) {
      const waiting = decoys.slice(0, DECOYS);
      const proofs: Proof[] = [];
      const worker = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) proofs.push(await proveOne(next));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return proofs.sort((a, b) => (a.pod < b.pod ? -1 : 1));
    },
  };
}

function keyOf(decoy: string, ip: string, fromPort: number, toPort: number): string {
  return `${decoy}|${ip}|${fromPort}|${toPort}`;
}

/** This machine's own address on the way to `ip`: connecting a UDP socket asks the routing table and sends nothing. */
function addressTowards(ip: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv4(ip) ? 'udp4' : 'udp6');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.connect(port, ip, () => {
      const { address } = socket.address();
      socket.close();
      resolve(address);
    });
  });
}

/** Connects and closes; resolves with '' or the error's code. */
function touch({ from, to }: Expected): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: to.ip, port: to.port, localAddress: from.ip, localPort: from.port });
    socket.setTimeout(CONNECT_MS, () => {
      resolve('ETIMEDOUT');
      socket.destroy();
    });
    socket.on('error', (error) => resolve(codeOf(error)));
    socket.once('connect', () => {
      socket.end();
      socket.resume();
      resolve('');
    });
    socket.once('close', () => resolve(''));
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
