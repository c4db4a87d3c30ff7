// What SET GLOBAL and SET PERSIST do beyond the value itself: to the next start and to other sessions.
// Source: https://dev.mysql.com/doc/refman/9.7/en/set-variable.html

import type { VariableFacts } from '../../persona/system-variables.ts';
import { detached } from '../../sql/value/detached.ts';
import { toText, type Value } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import { findVariable, isSwitch } from '../variables.ts';

/** Longest text kept for the next start. */
const PERSISTED_CHARACTERS = 1_024;

/** Variables that are held against each other. */
const PACKETS: ReadonlySet<string> = new Set(['max_allowed_packet', 'net_buffer_length']);

/** Keeps a value for the next start; the last so many of them. */
export function persist(session: Session, facts: VariableFacts, value: Value): void {
  const { persisted } = session.overlay;
  persisted.delete(facts.name);
  const text = isSwitch(facts) ? (value === 1n ? 'ON' : 'OFF') : (toText(value) ?? '');
  persisted.set(facts.name, detached(text.slice(0, PERSISTED_CHARACTERS)));
}

/** A packet is to be as long as the buffer it is written to. */
export function warnSmallPacket(session: Session, facts: VariableFacts, value: Value): void {
  const partner = facts.name === 'max_allowed_packet' ? 'net_buffer_length' : 'max_allowed_packet';
  if (!PACKETS.has(facts.name)) return;
  const other = session.readVariable(partner, 'global').value as bigint;
  const [packet, buffer] = facts.name === 'max_allowed_packet' ? [value, other] : [other, value];
  if ((packet as bigint) < (buffer as bigint))
    session.addWarning(
      'Warning',
      1708,
      "The value of 'max_allowed_packet' should be no less than the value of 'net_buffer_length'",
    );
}

/** A session goes on with what was global when it began: each keeps the value it has before that becomes another. */
export function keepSessions(session: Session, name: string): void {
  const facts = findVariable(name, session.overlay);
  if (facts?.readSession !== 0 || facts.readGlobal !== 0) return;
  for (const other of session.server.sessionsOf(session.overlay))
    if (!other.variables.has(name)) other.variables.set(name, other.readVariable(name, '').value);
}

/** Only administrators stay on a server that is offline. */
export function endClients(session: Session): void {
  for (const other of session.server.sessionsOf(session.overlay)) {
    const held = other.privileges();
    if (held && !held.everywhere('CONNECTION_ADMIN') && !held.everywhere('SUPER')) other.kill(false);
  }
}
