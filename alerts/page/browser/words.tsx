// Small pieces of text: what an attacker wrote made visible and inert, times, severities, counts.
import { useEffect, useState } from 'preact/hooks';
import { severityName } from '../api.ts';

// Characters that hide, reorder or control: shown as their code point.
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function visible(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Text from outside: always text, its direction its own. */
export function Seen({ text, class: name }: { text: string; class?: string }) {
  return (
    <bdi class={name} title={text.length > 60 ? visible(text) : undefined}>
      {visible(text)}
    </bdi>
  );
}

export function Severity({ value }: { value: number }) {
  const name = severityName(value);
  return (
    <span class={`severity ${name}`}>
      <span class="severity-word">{name}</span> <span class="severity-number">{value}</span>
    </span>
  );
}

const STEPS: readonly (readonly [under: number, unit: number, word: string])[] = [
  [60_000, 1_000, 's'],
  [3_600_000, 60_000, 'min'],
  [86_400_000, 3_600_000, 'h'],
  [Infinity, 86_400_000, 'd'],
];

export function ago(ms: number, nowMs: number): string {
  const past = Math.max(0, nowMs - ms);
  if (past < 5_000) return 'just now';
  const [, unit, word] = STEPS.find(([under]) => past < under)!;
  return `${Math.floor(past / unit)} ${word} ago`;
}

export function stamp(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The clock, ticking every few seconds. */
export function useNow(everyMs = 5_000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function Ago({ ms, now }: { ms: number; now: number }) {
  return (
    <time dateTime={new Date(ms).toISOString()} title={stamp(ms)}>
      {ago(ms, now)}
    </time>
  );
}

export const number = (value: number): string => value.toLocaleString('en');

export function many(count: number, noun: string, plural = `${noun}s`): string {
  return `${number(count)} ${count === 1 ? noun : plural}`;
}

export function techniqueLink(id: string): string {
  return `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`;
}
