// The rules that ship with the product, used where no --rules are given: those that stand beside their workloads in the manifests.
import { text as anyDecoy } from '../../manifests/alerts.yaml';
import { text as exposedService } from '../../manifests/expose-svc.yaml';
import { text as ipEnumeration } from '../../manifests/ip-enum.yaml';
import { text as vulnerableService } from '../../manifests/vuln-svc.yaml';
import { type Loaded, parseRules } from './load.ts';

const DEBUG_PORT = 8080;
const SHIPPED = [ipEnumeration, exposedService, vulnerableService, anyDecoy].join('\n---\n');

/** Parses them. On one machine the debug site may stand on another port than in a pod; the rule about it follows. */
export function shippedRules({ debugPort = DEBUG_PORT } = {}): Loaded {
  return parseRules(SHIPPED.replaceAll(`dest_port="${DEBUG_PORT}"`, `dest_port="${debugPort}"`), 'shipped rules');
}
