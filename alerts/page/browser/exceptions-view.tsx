// Exceptions in force: what is counted and shown without being told of, until when, and the way to end it.
import { useEffect, useState } from 'preact/hooks';
import type { ExceptionEntry } from '../api.ts';
import { get, onChanged, post } from './call.ts';
import { follow } from './location.ts';
import { Seen, stamp } from './words.tsx';

export function ExceptionsView() {
  const [entries, setEntries] = useState<readonly ExceptionEntry[]>();
  const [problem, setProblem] = useState('');
  const load = () =>
    get<ExceptionEntry[]>('/api/exceptions').then(setEntries, (error: Error) => setProblem(error.message));
  useEffect(() => {
    void load();
    return onChanged(load);
  }, []);
  const end = (name: string) =>
    post('/api/exceptions/delete', { name }).then(load, (error: Error) => setProblem(error.message));

  return (
    <main class="view narrow">
      <h1>Exceptions</h1>
      <p class="dim">
        Touches a team expects, its own scanner’s for instance. They are counted and stay visible under{' '}
        <a href="/events?state=excepted" onClick={follow}>
          excepted events
        </a>
        , and no output is told of them. Add one from an event’s details.
      </p>
      {problem && <p class="problem">{problem}</p>}
      {entries?.length === 0 && <p class="empty">No exception is in force: every touch of a decoy alerts.</p>}
      <ul class="cards">
        {entries?.map((entry) => (
          <li key={entry.name} class={`card exception ${entry.active ? '' : 'over'}`}>
            <div>
              <strong>
                <Seen text={entry.description || entry.name} />
              </strong>
              <p>
                <Seen text={entry.covers} />
              </p>
              <p class="dim">
                {entry.endMs ? `${entry.active ? 'until' : 'ended'} ${stamp(entry.endMs)}` : 'without an end'} ·{' '}
                <span class="mono">{entry.name}</span>
              </p>
            </div>
            <button type="button" onClick={() => end(entry.name)}>
              End it
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}
