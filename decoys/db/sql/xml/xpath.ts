// The parts of an XPath as it was read: steps along axes, values, calls and what joins them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html (XPath limitations).

export type Axis =
  | 'child'
  | 'descendant'
  | 'descendant-or-self'
  | 'parent'
  | 'ancestor'
  | 'ancestor-or-self'
  | 'self'
  | 'attribute'
  | 'stay';

export interface Step {
  readonly axis: Axis;
  /** `*` is any. */
  readonly name: string;
  readonly predicates: readonly XPath[];
}

export type XPath =
  | {
      readonly kind: 'path';
      readonly from: XPath | undefined;
      readonly absolute: boolean;
      readonly steps: readonly Step[];
    }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly XPath[] }
  | { readonly kind: 'minus'; readonly operand: XPath }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: XPath; readonly right: XPath };

export function isNodes(e: XPath): boolean {
  return e.kind === 'path' || (e.kind === 'binary' && e.operator === '|');
}
