// Prometheus' text exposition format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/): pure.

export type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const LABEL_CHARS = 253;

export class Family {
  readonly #name: string;
  readonly #type: string;
  readonly #help: string;
  readonly #samples: readonly Sample[];

  constructor(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]) {
    this.#name = name;
    this.#type = type;
    this.#help = help;
    this.#samples = samples;
  }

  toString(): string {
    const head = `# HELP ${this.#name} ${this.#help}\n# TYPE ${this.#name} ${this.#type}\n`;
    return head + this.#samples.map(([labels, value]) => `${this.#name}${braces(labels)} ${value}\n`).join('');
  }
}

function braces(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length ? `{${pairs.join(',')}}` : '';
}

function escaped(value: string): string {
  return value.slice(0, LABEL_CHARS).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
