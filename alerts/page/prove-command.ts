// `alerts prove`: asks the page of the alerts that runs here to touch every decoy, and tells what came of it.
import { UserError } from '../../decoys/touch/errors.ts';
import type { Env } from '../../decoys/touch/settings.ts';
import type { Proof } from './api.ts';
import { TOKEN_HEADER } from './guard.ts';
import { DEFAULT_PAGE_PORT, pagePortFrom } from './port.ts';

const ANSWER_MS = 60_000;

/** Resolves with whether every decoy alerted. Throws UserError where no page answers. */
export async function proveCommand(env: Env, write: (text: string) => void): Promise<boolean> {
  const page = `http://127.0.0.1:${pagePortFrom(env) ?? DEFAULT_PAGE_PORT}`;
  const signal = AbortSignal.timeout(ANSWER_MS);
  let answer: { proofs?: Proof[]; error?: string };
  try {
    const document = await (await fetch(page, { signal })).text();
    const token = /<meta name="page-token" content="([\w-]+)">/.exec(document)?.[1] ?? '';
    const response = await fetch(`${page}/api/prove`, {
      method: 'POST',
      headers: { [TOKEN_HEADER]: token, 'content-type': 'application/json' },
      body: '{}',
      signal,
    });
    answer = (await response.json()) as typeof answer;
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    throw new UserError(
      'NO_PAGE',
      `prove: no page of alerts answers at ${page} (${cause?.code ?? (error as Error).message}); start alerts there, or name its port by PAGE_PORT`,
    );
  }
  if (!answer.proofs) throw new UserError('NOT_PROVEN', `prove: ${answer.error ?? 'the page gave no answer'}`);
  for (const proof of answer.proofs) write(`${proofLine(proof)}\n`);
  return answer.proofs.every(({ ok }) => ok);
}

export function proofLine({ ok, decoy, pod, ms, touchMs, connection, problem }: Proof): string {
  const from = connection ? `  ${connection}` : '';
  return ok
    ? `proven  ${decoy.padEnd(9)}  ${pod}  touch after ${touchMs} ms, security event after ${ms} ms${from}`
    : `FAILED  ${decoy.padEnd(9)}  ${pod}  ${problem}${from}`;
}
