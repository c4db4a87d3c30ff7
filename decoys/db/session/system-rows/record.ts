// A row of a system table by its columns' names, and what gives a table its rows for a session.

import type { Value } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';

export type Record_ = Readonly<Record<string, Value>>;

export type Provider = (session: Session) => readonly Record_[];
