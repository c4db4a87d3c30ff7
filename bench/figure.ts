// A measured figure beside its budget and its peers, and the table of them.

export interface Peer {
  readonly name: string;
  readonly value: number;
  /** Measured elsewhere, on a 2-core machine, and not in this run. */
  readonly published?: boolean;
}

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** `most`: the budget is an upper bound; `least`: a lower one. Absent where there is no budget. */
  readonly budget?: { readonly kind: 'most' | 'least'; readonly value: number };
  readonly peers?: readonly Peer[];
  readonly note?: string;
}

export function isHit({ value, budget }: Figure): boolean {
  if (!budget) return true;
  return budget.kind === 'most' ? value <= budget.value : value >= budget.value;
}

function shown(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en')
    : value.toPrecision(3);
}

function row(figure: Figure): string {
  const { what, value, unit, budget, peers = [], note = '' } = figure;
  const verdict = !budget ? '' : isHit(figure) ? 'hit' : '**MISSED**';
  const against = peers.map(
    ({ name, value: theirs, published }) =>
      `${(value / theirs).toFixed(2)} × ${name} (${shown(theirs)}${published ? ', published' : ''})`,
  );
  const bound = budget ? `${budget.kind === 'most' ? '≤' : '≥'} ${shown(budget.value)}` : '';
  return `| ${what} | ${shown(value)} ${unit} | ${bound} | ${verdict} | ${against.join('; ')} | ${note} |`;
}

export function tableOf(figures: readonly Figure[]): string {
  return `${['| what | ours | budget | | ratio to peers (their figure) | how |', '|---|---|---|---|---|---|', ...figures.map(row)].join('\n')}\n`;
}
