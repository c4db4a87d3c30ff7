// The touches of an event, one entry a line of the decoy, with what was sent; more are read as one asks.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TouchEntry, TouchPage } from '../api.ts';
import { get } from './call.ts';
import { Seen, stamp } from './words.tsx';

const LONG_CHARS = 240;

/** Of one event and one way of showing it: give it a key of both. `count` grows when there is more to read. */
export function Timeline({ id, reveal, count }: { id: string; reveal: boolean; count: number }) {
  const [touches, setTouches] = useState<readonly TouchEntry[]>();
  const [next, setNext] = useState<number>();
  const [problem, setProblem] = useState('');
  const gone = useRef(false);
  const shownCount = useRef(count);
  const ask = (after: number, before: readonly TouchEntry[]) => {
    const words = { id, after: String(after), ...(reveal ? { reveal: '1' } : {}) };
    return get<TouchPage>('/api/touches', words).then(
      (page) => {
        if (gone.current) return;
        setTouches([...before, ...page.touches]);
        setNext(page.next);
      },
      (error: Error) => setProblem(error.message),
    );
  };
  useEffect(() => {
    void ask(0, []);
    return () => {
      gone.current = true;
    };
  }, []);
  useEffect(() => {
    // New touches of an open event follow those shown, unless older ones are still to be asked for.
    if (count === shownCount.current || !touches || next !== undefined) return;
    shownCount.current = count;
    void ask(touches.at(-1)?.seq ?? 0, touches);
  }, [count, touches]);

  if (problem) return <p class="problem">{problem}</p>;
  if (!touches) return <p class="dim">loading…</p>;
  if (touches.length === 0)
    return <p class="dim">Its touch lines are no longer kept here; the decoy’s log may still have them.</p>;
  return (
    <>
      <ol class="timeline">
        {touches.map((touch) => (
          <Entry key={touch.seq} touch={touch} />
        ))}
      </ol>
      {next !== undefined && (
        <button type="button" onClick={() => ask(next, touches)}>
          More touches
        </button>
      )}
    </>
  );
}

function Entry({ touch }: { touch: TouchEntry }) {
  const time = new Date(touch.atMs);
  return (
    <li>
      <div class="touch-head">
        <time dateTime={Number.isFinite(touch.atMs) ? time.toISOString() : ''} class="mono dim">
          {stamp(touch.atMs).slice(11)}.{String(time.getMilliseconds()).padStart(3, '0')}
        </time>
        <span class="tag">{touch.action}</span>
        {touch.count > 1 && <span class="tag">×{touch.count}</span>}
        <Seen class="touch-message" text={touch.message} />
      </div>
      {touch.facts.length > 0 && (
        <dl class="touch-facts">
          {touch.facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                {value.length > LONG_CHARS ? (
                  <details>
                    <summary>
                      <Seen text={`${value.slice(0, LONG_CHARS)}…`} />
                    </summary>
                    <Seen text={value} />
                  </details>
                ) : (
                  <Seen text={value} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <details class="raw">
        <summary>Raw line</summary>
        <pre tabIndex={0}>
          <Seen text={JSON.stringify(touch.raw, null, 2)} />
        </pre>
      </details>
    </li>
  );
}
