// Touch → culprit: the inventory's answer for the address at the time of the touch.
import type { TouchLine } from '../../decoys/touch/schema.ts';
import type { Culprit } from './culprit.ts';
import type { Inventory } from './inventory.ts';

/** Actions only a completed TCP handshake leads to; their source address cannot be forged from elsewhere. */
const PROVEN = /^(tcp-connect|tcp-data|tcp-timeout|tls-|http-|mysql-)/;

/** For `createPipeline`. */
export function attributeFrom(inventory: Inventory): (ip: string | undefined, line: TouchLine) => Culprit {
  return (ip, line) => {
    const at = Date.parse(line.event.end ?? line['@timestamp']);
    return inventory.find(ip, at, PROVEN.test(line.event.action));
  };
}
