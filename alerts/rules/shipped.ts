// The rules that ship with the product, used where no --rules are given.
import { type Loaded, parseRules } from './load.ts';
import { text } from './shipped.yaml';

const DEBUG_PORT = 8080;

/** Parses them. On one machine the debug site may stand on another port than in a pod; the rule about it follows. */
export function shippedRules({ debugPort = DEBUG_PORT } = {}): Loaded {
  return parseRules(text.replaceAll(`dest_port="${DEBUG_PORT}"`, `dest_port="${debugPort}"`), 'shipped rules');
}
