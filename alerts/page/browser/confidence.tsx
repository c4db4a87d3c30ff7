// How sure the name beside it is, as one word.
const WORDS: Readonly<Record<string, string>> = {
  exact: 'proven',
  claimed: 'unproven',
  reused: 'likely',
  node: 'via node',
  unknown: 'address only',
};

export function Confidence({ value, means }: { value: string; means?: string }) {
  return (
    <span class={`confidence ${value}`} title={means}>
      {WORDS[value] ?? value}
    </span>
  );
}
