// What can be fuzzed, by the name it is asked for.
import { alerts } from './alerts.ts';
import { app } from './app.ts';
import { dashboard } from './dashboard.ts';
import { db } from './db.ts';
import type { Target } from './target.ts';

export const TARGETS = { db, dashboard, app, alerts } as const satisfies Record<string, Target>;
export type TargetName = keyof typeof TARGETS;
