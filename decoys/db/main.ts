// The db decoy: a MySQL server that executes nothing.
import { CONVERSATION_FOLDING, runDecoy } from '../touch/run.ts';
import { startDb } from './server.ts';
import { readDbSettings } from './settings.ts';

await runDecoy({ name: 'db', folding: CONVERSATION_FOLDING, counts: true, settings: readDbSettings, start: startDb });
