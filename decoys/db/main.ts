// The db decoy: a MySQL server that executes nothing.
import { runDecoy } from '../touch/run.ts';
import { startDb } from './server.ts';
import { readDbSettings } from './settings.ts';

await runDecoy({ name: 'db', settings: readDbSettings, start: startDb });
