// Alert exceptions: what they cover, what they never cover, and what a wrong one says.
import { describe, expect, it } from 'vitest';
import { type Culprit, outside } from '../../alerts/attribution/culprit.ts';
import { covers, exceptionFrom } from '../../alerts/exceptions/exceptions.ts';
import { parseLine } from '../harness/lines.ts';
import { touchText } from '../harness/touch-text.ts';

const POD: Culprit = {
  kind: 'pod',
  confidence: 'exact',
  namespace: 'scanners',
  name: 'nessus-abcde',
  nameAggr: 'nessus-*',
  type: 'wep',
  labels: [],
  owner: 'DaemonSet/nessus',
  uid: 'u',
};
const NOW = Date.parse('2026-11-23T12:00:00Z');
const LINE = parseLine(touchText({ decoy: 'app', port: 443, ip: '10.244.3.17' }));

function exception(spec: Record<string, unknown>) {
  return exceptionFrom({ metadata: { name: 'scan' }, spec });
}

describe('an exception', () => {
  it.each<[Record<string, unknown>, boolean]>([
    [{ sourceCIDRs: ['10.244.3.0/24'] }, true],
    [{ sourceCIDRs: ['10.244.3.17'] }, true],
    [{ sourceCIDRs: ['10.244.4.0/24', 'fd00::/8'] }, false],
    [{ namespaces: ['scanners'] }, true],
    [{ namespaces: ['scan*'] }, true],
    [{ namespaces: ['shop'] }, false],
    [{ owners: ['DaemonSet/nessus'] }, true],
    [{ owners: ['nessus'] }, true],
    [{ owners: ['Deployment/nessus'] }, false],
    [{ pods: ['nessus-?????'] }, true],
    [{ targets: ['app'] }, true],
    [{ targets: ['db'] }, false],
    [{ ports: [443, 8443] }, true],
    [{ ports: [80] }, false],
    [{ rules: ['honeypod.ip.enum'] }, true],
    [{ rules: ['honeypod.vuln.svc'] }, false],
    [{ namespaces: ['scanners'], ports: [80] }, false],
    [{ namespaces: ['scanners'], startTime: '2026-11-23T13:00:00Z' }, false],
    [{ namespaces: ['scanners'], endTime: '2026-11-23T12:00:00Z' }, false],
    [{ namespaces: ['scanners'], startTime: '2026-11-23T11:00:00Z', endTime: '2026-11-23T13:00:00Z' }, true],
  ])('%j covers: %s', (spec, expected) => {
    expect(covers(exception(spec), 'honeypod.ip.enum', LINE, POD, NOW)).toBe(expected);
  });

  it('by workload never covers an address that may be another’s', () => {
    const scan = exception({ namespaces: ['scanners'] });
    expect(covers(scan, 'honeypod.ip.enum', LINE, { ...POD, confidence: 'reused' }, NOW)).toBe(false);
    expect(covers(scan, 'honeypod.ip.enum', LINE, outside('10.244.3.17'), NOW)).toBe(false);
  });

  it('for a port never covers a scan of more ports', () => {
    const line = parseLine(touchText({ decoy: 'app', port: 443, count: 10, ports: '443-452' }));
    expect(covers(exception({ ports: [443] }), 'honeypod.port.scan', line, POD, NOW)).toBe(false);
  });

  it.each([
    [{}, 'scan: names no source, decoy, port or rule: it would silence everything'],
    [
      { sourceCIDRs: ['10.0.0.0/33'] },
      'scan: spec.sourceCIDRs: "10.0.0.0/33" must be an address or a range such as 10.244.3.0/24',
    ],
    [{ sourceCIDRs: ['host'] }, 'scan: spec.sourceCIDRs: "host" must be an address or a range such as 10.244.3.0/24'],
    [{ ports: [70000] }, 'scan: spec.ports: 70000 must be a port from 0 to 65535'],
    [{ pods: ['a'], endTime: 'soon' }, 'scan: spec.endTime: "soon" must be a time such as 2026-12-01T00:00:00Z'],
    [
      { pods: ['a'], startTime: '2026-12-02T00:00:00Z', endTime: '2026-12-01T00:00:00Z' },
      'scan: spec.endTime must be after spec.startTime',
    ],
    [{ pod: 'a' }, 'scan: spec.pod is not a field of an AlertException'],
    [{ pods: 'a' }, 'scan: spec.pods must be a list of at most 256 texts'],
  ])('%j is refused: %s', (spec, message) => {
    expect(() => exception(spec)).toThrow(message);
  });
});
