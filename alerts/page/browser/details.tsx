// The details of one security event: what happened, what now, who and what, the evidence, the touches one by one.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Asset, EventDetails } from '../api.ts';
import { get, onChanged, paced } from './call.ts';
import { Confidence } from './confidence.tsx';
import { ExceptionForm } from './exception-form.tsx';
import { Timeline } from './timeline.tsx';
import { many, Seen, Severity, stamp, techniqueLink } from './words.tsx';

const AGAIN_MS = 1_000;

export interface DetailsProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onDismiss: (id: string) => void;
  readonly onRestore: (id: string) => void;
  readonly onNotice: (notice: { text: string; stamp?: number }) => void;
}

export function Details({ id, onClose, onDismiss, onRestore, onNotice }: DetailsProps) {
  const [details, setDetails] = useState<EventDetails>();
  const [problem, setProblem] = useState('');
  const [reveal, setReveal] = useState(false);
  const [excepting, setExcepting] = useState(false);
  const panel = useRef<HTMLElement>(null);

  const load = useCallback(() => {
    const wanted = { id, ...(reveal ? { reveal: '1' } : {}) };
    get<EventDetails>('/api/event', wanted).then(
      (found) => {
        setDetails(found);
        setProblem('');
      },
      (error: Error) => setProblem(error.message),
    );
  }, [id, reveal]);

  useEffect(() => {
    const { call, stop } = paced(load, AGAIN_MS);
    call();
    const leave = onChanged(call);
    return () => {
      leave();
      stop();
    };
  }, [load]);
  useEffect(() => {
    setReveal(false);
    setExcepting(false);
    panel.current?.focus();
  }, [id]);

  const row = details?.row.id === id ? details.row : undefined;
  return (
    <aside class="details" ref={panel} tabIndex={-1} aria-label="Event details">
      <div class="details-bar">
        {row && <Severity value={row.severity} />}
        <strong class="details-rule">{row?.rule}</strong>
        {row && (
          <span class={`state-word ${row.dismissed ? 'dismissed' : row.state}`}>
            {row.dismissed ? 'dismissed' : row.state}
          </span>
        )}
        {row?.kind === 'self-test' && <span class="tag">self-test</span>}
        <button type="button" class="quiet close" onClick={onClose} aria-label="Close details">
          ×
        </button>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {row && details && (
        <div class="details-body">
          <h2 class="details-title">
            <Seen text={row.message} />
          </h2>
          <div class="actions">
            {row.dismissed ? (
              <button type="button" class="primary" onClick={() => onRestore(id)}>
                Restore
              </button>
            ) : (
              <button type="button" class="primary" onClick={() => onDismiss(id)}>
                Dismiss
              </button>
            )}
            {details.scopes.length > 0 && row.kind !== 'self-test' && (
              <button type="button" aria-expanded={excepting} onClick={() => setExcepting(!excepting)}>
                Add exception…
              </button>
            )}
            <button type="button" aria-pressed={reveal} onClick={() => setReveal(!reveal)}>
              {reveal ? 'Hide secrets' : 'Show secrets'}
            </button>
            <a class="button" href={`/api/export?format=ndjson&id=${id}`} download>
              NDJSON
            </a>
            <a class="button" href={`/api/export?format=csv&id=${id}`} download>
              CSV
            </a>
          </div>
          {excepting && (
            <ExceptionForm
              details={details}
              onDone={(text, undo) => {
                setExcepting(false);
                onNotice({ text, stamp: undo });
              }}
              onCancel={() => setExcepting(false)}
            />
          )}
          <section>
            <h3>What happened</h3>
            <p class="story">
              <Seen text={details.story} />
            </p>
          </section>
          {details.mitigations.length > 0 && (
            <section class="now">
              <h3>What to do now</h3>
              <ol>
                {details.mitigations.map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ol>
            </section>
          )}
          <section class="assets">
            {details.assets.map((asset) => (
              <AssetCard key={asset.role} asset={asset} details={details} />
            ))}
          </section>
          <section>
            <h3>What it means</h3>
            <p class="attack">
              {details.attackVector && <span class="tag">vector: {details.attackVector}</span>}
              {details.tactics.map(({ id: tactic, name }) => (
                <a
                  key={tactic}
                  class="tag"
                  href={`https://attack.mitre.org/tactics/${tactic}/`}
                  target="_blank"
                  rel="noreferrer noopener"
                >
                  {tactic} {name}
                </a>
              ))}
              {details.techniques.map(({ id: technique, name }) => (
                <a
                  key={technique}
                  class="tag"
                  href={techniqueLink(technique)}
                  target="_blank"
                  rel="noreferrer noopener"
                >
                  {technique} {name}
                </a>
              ))}
            </p>
          </section>
          {details.evidence.length > 0 && (
            <section>
              <h3>Evidence</h3>
              <dl class="evidence">
                {details.evidence.map(([label, values]) => (
                  <div key={label}>
                    <dt>{label}</dt>
                    <dd>
                      {values.map((value) => (
                        <code key={value}>
                          <Seen text={value} />
                        </code>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )}
          <section>
            <h3>
              Timeline{' '}
              <span class="dim">
                {many(row.count, 'touch', 'touches')} from {stamp(row.startMs)} to {stamp(row.endMs)}
              </span>
            </h3>
            <Timeline key={`${id} ${reveal}`} id={id} reveal={reveal} count={row.count} />
          </section>
          <details class="raw">
            <summary>Raw event (the alert line every output gets)</summary>
            <pre tabIndex={0}>
              <Seen text={JSON.stringify(details.raw, null, 2)} />
            </pre>
          </details>
        </div>
      )}
    </aside>
  );
}

function AssetCard({ asset, details }: { asset: Asset; details: EventDetails }) {
  const accused = asset.role === 'accused';
  return (
    <div class={`asset ${asset.role}`}>
      <h3>{accused ? 'Accused' : 'Impacted'}</h3>
      <p class="asset-title mono">
        <Seen text={asset.title} />
      </p>
      <dl>
        {asset.facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{label === 'Confidence' ? <Confidence value={value} /> : <Seen text={value} />}</dd>
          </div>
        ))}
      </dl>
      {accused && <p class="dim small">{details.confidenceMeans}</p>}
    </div>
  );
}
