// The form that adds an exception from an event: whose touches, of which alert and decoy, until when, and why.
import { useState } from 'preact/hooks';
import type { EventDetails } from '../api.ts';
import { post } from './call.ts';

const HOUR_MS = 3_600_000;
const ENDS = [
  [HOUR_MS, '1 hour'],
  [24 * HOUR_MS, '1 day'],
  [7 * 24 * HOUR_MS, '1 week'],
  [30 * 24 * HOUR_MS, '30 days'],
  [0, 'no end'],
] as const;
const SCOPE_WORDS = { pod: 'this pod', owner: 'its owner', namespace: 'its namespace', ip: 'this address' } as const;

export interface FormProps {
  readonly details: EventDetails;
  readonly onDone: (text: string, undo: number) => void;
  readonly onCancel: () => void;
}

export function ExceptionForm({ details, onDone, onCancel }: FormProps) {
  const [scope, setScope] = useState(details.scopes[0]?.scope ?? 'ip');
  const [lastsMs, setLastsMs] = useState<number>(7 * 24 * HOUR_MS);
  const [onlyRule, setOnlyRule] = useState(true);
  const [onlyDecoy, setOnlyDecoy] = useState(false);
  const [description, setDescription] = useState('');
  const [problem, setProblem] = useState('');

  const submit = (event: Event) => {
    event.preventDefault();
    const endMs = lastsMs === 0 ? 0 : Date.now() + lastsMs;
    post<{ name: string; stamp: number }>('/api/exceptions', {
      event: details.row.id,
      scope,
      onlyRule,
      onlyDecoy,
      endMs,
      description,
    }).then(
      ({ stamp }) =>
        onDone('Exception added and this event dismissed; further touches are counted without an alert', stamp),
      (error: Error) => setProblem(error.message),
    );
  };

  return (
    <form class="exception-form" onSubmit={submit}>
      <p class="dim">What it covers is counted and stays visible; no output is told of it.</p>
      <fieldset>
        <legend>Touches by</legend>
        {details.scopes.map((choice) => (
          <label key={choice.scope}>
            <input type="radio" name="scope" checked={scope === choice.scope} onChange={() => setScope(choice.scope)} />
            {SCOPE_WORDS[choice.scope]} <code>{choice.value}</code>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Only</legend>
        <label>
          <input type="checkbox" checked={onlyRule} onChange={() => setOnlyRule(!onlyRule)} /> alert{' '}
          <code>{details.row.rule}</code>
        </label>
        <label>
          <input type="checkbox" checked={onlyDecoy} onChange={() => setOnlyDecoy(!onlyDecoy)} /> decoy{' '}
          <code>{details.row.decoy}</code>
        </label>
      </fieldset>
      <div class="form-line">
        <label>
          For{' '}
          <select value={lastsMs} onChange={(event) => setLastsMs(Number(event.currentTarget.value))}>
            {ENDS.map(([ms, title]) => (
              <option key={ms} value={ms}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label class="grow">
          Because{' '}
          <input
            type="text"
            required
            maxLength={200}
            placeholder="our own scanner, ticket …"
            value={description}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        </label>
      </div>
      {problem && <p class="problem">{problem}</p>}
      <div class="actions">
        <button type="submit" class="primary">
          Add exception
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
