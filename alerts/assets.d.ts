// Files that the build turns into modules (scripts/assets.ts): grammars into parsers, YAML into its text.
declare module '*.peggy' {
  export function parse(text: string): import('./query/expression.ts').Expression;
}

declare module '*.yaml' {
  export const text: string;
}
