// What callers of the silent port do, as touches.
import type { Recorder } from '../../touch/recorder.ts';
import { vanishedTouch } from '../../touch/vanished.ts';
import type { LureObserver } from '../lure.ts';
import { connectionFields, payload } from './fields.ts';
import { helloTouch } from './hello.ts';

const NS_PER_MS = 1e6;

export function createLureObserver(recorder: Pick<Recorder, 'touch' | 'logCredentials'>): LureObserver {
  const endpoint = 'lure';
  const open = recorder.logCredentials;
  return {
    connected(peer, at) {
      recorder.touch({
        ...connectionFields(peer, at, endpoint),
        action: 'tcp-connect',
        message: `connected to port ${peer.localPort}`,
      });
    },
    greeted(peer, hello, sent, at) {
      recorder.touch(helloTouch(peer, hello, sent, at, endpoint));
    },
    spoke(peer, sent, sha256, at) {
      const base = connectionFields(peer, at, endpoint);
      recorder.touch({
        ...base,
        action: 'tcp-data',
        bytes: sent.length,
        honeypod: { ...base.honeypod, ...payload(sent, sent.length, open, sha256) },
        message: `${sent.length} bytes sent to port ${peer.localPort}`,
      });
    },
    vanished(port, at) {
      const touch = vanishedTouch(port, at);
      recorder.touch({ ...touch, honeypod: { ...touch.honeypod, endpoint } });
    },
    heldOut(peer, at, openMs) {
      recorder.touch({
        ...connectionFields(peer, at, endpoint),
        action: 'tcp-timeout',
        duration: openMs * NS_PER_MS,
        message: `waited ${Math.round(openMs / 1_000)} s on port ${peer.localPort} for an answer`,
      });
    },
  };
}
