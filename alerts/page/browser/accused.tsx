// The first thing on the page: who is probably compromised, what they did, what to do now.
import { useState } from 'preact/hooks';
import type { Accused, Summary } from '../api.ts';
import { Confidence } from './confidence.tsx';
import { follow, go } from './location.ts';
import { Ago, many, Seen, Severity } from './words.tsx';

const DEEDS = 4;
/** One row of cards; the table has to stay in sight. */
const CARDS = 3;

export function AccusedPanel({ summary, now, onProve }: { summary: Summary; now: number; onProve: () => void }) {
  const { accused, sources, undismissed } = summary;
  const [all, setAll] = useState(false);
  if (undismissed === 0) return <Quiet summary={summary} onProve={onProve} />;
  if (accused.length === 0) return null;
  const shown = all ? accused : accused.slice(0, CARDS);
  const more = sources - shown.length;
  return (
    <section class="accused" aria-labelledby="accused-title">
      <h1 id="accused-title">
        {sources === 1 ? '1 source touched your decoys' : `${many(sources, 'source')} touched your decoys`}
        <span class="dim"> · {many(undismissed, 'event')} to look at</span>
      </h1>
      <ul class="accused-cards">
        {shown.map((entry) => (
          <AccusedCard key={entry.query} entry={entry} now={now} />
        ))}
      </ul>
      {more > 0 && (
        <p class="dim accused-more">
          and {many(more, 'more source')} in the table below
          {!all && accused.length > CARDS && (
            <button type="button" class="link-button" onClick={() => setAll(true)}>
              show {accused.length - CARDS} of them
            </button>
          )}
        </p>
      )}
    </section>
  );
}

function AccusedCard({ entry, now }: { entry: Accused; now: number }) {
  const query = new URLSearchParams({ q: entry.query });
  return (
    <li class="accused-card">
      <div class="accused-head">
        <h2>
          <Seen text={entry.title} />
        </h2>
        <Severity value={entry.severity} />
      </div>
      <p class="accused-sub dim">
        {entry.subtitle && (
          <>
            <Seen text={entry.subtitle} />
            {' · '}
          </>
        )}
        <Confidence value={entry.confidence} means={entry.confidenceMeans} />
      </p>
      <dl class="accused-facts">
        <dt>Did</dt>
        <dd>
          <ul>
            {entry.deeds.slice(0, DEEDS).map((deed) => (
              <li key={deed}>
                <Seen text={deed} />
              </li>
            ))}
          </ul>
        </dd>
        {entry.now && (
          <>
            <dt>Now</dt>
            <dd class="accused-now">{entry.now}</dd>
          </>
        )}
      </dl>
      <p class="accused-foot">
        <a href={`/events?${query}`} onClick={follow}>
          {many(entry.events, 'event')}
        </a>
        <span class="dim">
          {many(entry.touches, 'touch', 'touches')} · {entry.decoys.join(', ')} · <Ago ms={entry.lastMs} now={now} />
        </span>
        <button
          type="button"
          class="link-button"
          onClick={() => go(`/events/${entry.newestEvent}`, new URLSearchParams(location.search))}
        >
          Details
        </button>
      </p>
    </li>
  );
}

function Quiet({ summary, onProve }: { summary: Summary; onProve: () => void }) {
  const { decoys, tries } = summary;
  const heard = decoys.filter(({ silent }) => !silent).length;
  return (
    <section class="accused quiet-state">
      <h1>Nothing to look at</h1>
      <p>
        {heard > 0
          ? `${many(heard, 'decoy')} ${heard === 1 ? 'is' : 'are'} listening and nobody has touched ${heard === 1 ? 'it' : 'them'} since you last looked. `
          : 'No decoy has been heard yet; each beats every 30 s. '}
        {tries.length > 0 && 'Try it yourself:'}
      </p>
      {tries.length > 0 && (
        <ul class="tries">
          {tries.map((line) => (
            <li key={line}>
              <code>{line}</code>
            </li>
          ))}
        </ul>
      )}
      {heard > 0 && (
        <button type="button" onClick={onProve}>
          Or let “Prove it” touch each decoy harmlessly
        </button>
      )}
    </section>
  );
}
