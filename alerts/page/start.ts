// Serves the page of `alerts`. A port that was asked for and cannot be had ends the program; the default one is only said.
import { UserError } from '../../decoys/touch/errors.ts';
import type { Env } from '../../decoys/touch/settings.ts';
import type { Page } from './page.ts';
import { pagePortFrom } from './port.ts';

export async function startPage(page: Page, env: Env, say: (message: string) => void): Promise<void> {
  const port = pagePortFrom(env);
  if (port === undefined) return;
  try {
    await page.listen(port);
    say(`page: http://127.0.0.1:${port}`);
  } catch (error) {
    if (env.PAGE_PORT || !(error instanceof UserError)) throw error;
    say(`no page: ${error.message}`);
  }
}
