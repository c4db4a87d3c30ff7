// "Prove it": one harmless touch a decoy, followed through to its security event, with the time each took.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Proof } from '../api.ts';
import { post } from './call.ts';
import { follow } from './location.ts';
import { Seen } from './words.tsx';

export function ProveDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [proofs, setProofs] = useState<readonly Proof[]>();
  const [problem, setProblem] = useState('');
  const started = useRef(false);

  useEffect(() => {
    dialog.current?.showModal();
    if (started.current) return;
    started.current = true;
    post<{ proofs: Proof[] }>('/api/prove', {}).then(
      (answer) => setProofs(answer.proofs),
      (error: Error) => setProblem(error.message),
    );
  }, []);

  const leaveTo = (event: MouseEvent) => {
    follow(event);
    onClose();
  };
  const good = proofs?.filter(({ ok }) => ok).length ?? 0;
  return (
    <dialog ref={dialog} class="dialog" onClose={onClose} aria-labelledby="prove-title">
      <h2 id="prove-title">
        {proofs
          ? `${good} of ${proofs.length} decoys proven`
          : problem
            ? 'The self-test did not run'
            : 'Touching every decoy…'}
      </h2>
      <p class="dim">
        One harmless connection to each decoy, followed through its touch line to its security event. It is known as a
        self-test by its own addresses and ports, and kept apart from everybody else’s touches.
      </p>
      <div aria-live="polite">
        {!proofs && !problem && <div class="progress" role="progressbar" aria-label="Self-test" />}
        {problem && <p class="problem">{problem}</p>}
        {proofs && (
          <ul class="proofs">
            {proofs.map((proof) => (
              <li key={proof.pod} class={proof.ok ? 'ok' : 'failed'}>
                <strong>{proof.decoy}</strong> <Seen class="mono dim" text={proof.pod} />
                {proof.ok ? (
                  <span class="proof-time">
                    alerted in {proof.ms} ms{' '}
                    <a href={`/events/${proof.event}?state=self-test`} onClick={leaveTo}>
                      its event
                    </a>
                  </span>
                ) : (
                  <span class="problem">{proof.problem}</span>
                )}
                {proof.connection && <span class="mono dim proof-connection">{proof.connection}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div class="dialog-actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
