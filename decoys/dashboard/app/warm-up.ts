// Loads the application before anybody asks for it, so that the first answer is as quick as the next.
import { setImmediate as turn } from 'node:timers/promises';
import type { ApplicationLoader } from './ask.ts';

/** Asks it once: what only a first question compiles is compiled then. In turns, or a signal to end would wait for all of it. */
export async function warmUp(load: ApplicationLoader, ending: AbortSignal): Promise<void> {
  await import('./application.ts');
  await turn();
  if (ending.aborted) return;
  const application = await load();
  await turn();
  if (ending.aborted) return;
  const question = { method: 'GET', target: '/healthz', headers: {}, body: Buffer.alloc(0), bodyBytes: 0 };
  await application.answer(question, ending);
}
