// Calls written back as the server keeps them: the name a function is kept under, and the forms that are no plain list.
// Source: what 9.7.4 shows of views, constraints and messages.
import type { CastType, Expression, OrderItem, WindowSpec } from './ast/expression.ts';
import { quoteName } from './quote-name.ts';

/** Writes an operand. */
type Inner = (e: Expression) => string;

/** Names functions are kept under, where that is not the one they were called by. */
const KEPT_NAMES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ceil: 'ceiling',
  character_length: 'char_length',
  current_date: 'curdate',
  current_time: 'curtime',
  current_timestamp: 'now',
  day: 'dayofmonth',
  json_merge: 'json_merge_preserve',
  lcase: 'lower',
  localtime: 'now',
  localtimestamp: 'now',
  mid: 'substr',
  octet_length: 'length',
  position: 'locate',
  power: 'pow',
  schema: 'database',
  session_user: 'user',
  stddev: 'std',
  substring: 'substr',
  system_user: 'user',
  ucase: 'upper',
};

/** The name a function has in definitions and messages, however it was called. */
export function keptName(name: string): string {
  const lower = name.toLowerCase();
  return KEPT_NAMES[lower] ?? lower;
}

/** A unit or kind of time as the parser hands it on, in `letters`. */
function unitOf(e: Expression | undefined, inner: Inner): string {
  if (e?.kind === 'string') return e.first.toUpperCase();
  return e ? inner(e) : '';
}

/** The size of a type that keeps `fraction`, at most six digits; none where there is no fraction. */
function shownSize(fraction: string | undefined): string {
  return fraction === undefined ? '' : `(${Math.min(6, fraction.length)})`;
}

/** Digits behind the point that TIME() and TIMESTAMP() keep of what is written; of a column it is not known here. */
function fractionSize(e: Expression | undefined): string {
  if (e?.kind === 'string') return '(6)';
  if (e?.kind === 'number') return shownSize(/\.(\d+)$/.exec(e.text)?.[1]);
  const [digits] = e?.kind === 'call' && keptName(e.name) === 'now' ? e.args : [];
  return digits?.kind === 'number' && digits.text !== '0' ? `(${digits.text})` : '';
}

/** A native or stored function with its arguments. */
export function printCall(e: Extract<Expression, { kind: 'call' }>, inner: Inner): string {
  const args = e.args.map(inner);
  const [first = '', second = ''] = args;
  switch (e.name.toUpperCase()) {
    case 'DATE':
      return `cast(${first} as date)`;
    case 'TIME':
      return `cast(${first} as time${fractionSize(e.args[0])})`;
    case 'TIMESTAMP':
      return second === '' ? `cast(${first} as datetime${fractionSize(e.args[0])})` : `timestamp(${args.join(',')})`;
    case 'MOD':
      return `(${args.join(' % ')})`;
    case 'ISNULL':
      return `(${first} is null)`;
    case 'DATEDIFF':
      return `(to_days(${first}) - to_days(${second}))`;
    case 'MEMBER OF':
      return `${first} member of (${second})`;
    case 'EXTRACT':
      return `extract(${unitOf(e.args[0], inner).toLowerCase()} from ${second})`;
    case 'TIMESTAMPDIFF':
      return `timestampdiff(${unitOf(e.args[0], inner)},${args.slice(1).join(',')})`;
    case 'GET_FORMAT':
      return `get_format(${unitOf(e.args[0], inner)}, ${second})`;
    case 'TRIM LEADING':
    case 'TRIM TRAILING': {
      const side = e.name.slice(5).toLowerCase();
      return `trim(${side} ${args[1] === undefined ? '' : `${args[1]} from `}${first})`;
    }
    case 'TRIM':
      return args[1] === undefined ? `trim(${first})` : `trim(both ${args[1]} from ${first})`;
    default: {
      const name = e.schema === '' ? keptName(e.name) : `${quoteName(e.schema)}.${quoteName(e.name)}`;
      return `${name}(${args.join(',')})`;
    }
  }
}

/** The type of a CAST; text tells its character set. */
export function castName({ base, length, decimals, charset }: CastType): string {
  // Of times the digits behind the point are told, where there are any.
  const size = length ?? (base === 'decimal' ? 10 : decimals || undefined);
  const shown = size === undefined ? '' : `(${size}${base === 'decimal' ? `,${decimals ?? 0}` : ''})`;
  const text = base === 'binary' || base === 'char';
  if (text) return `char${shown} charset ${base === 'binary' ? 'binary' : charset || 'utf8mb4'}`;
  return base === 'signed' || base === 'unsigned' ? base : `${base}${shown}`;
}

function sorted(order: readonly OrderItem[], inner: Inner, word: string): string {
  return order.map(({ expression, descending }) => inner(expression) + (descending ? word : '')).join(',');
}

/** A window, by its name alone where it adds nothing to it. */
export function printWindow(spec: WindowSpec, inner: Inner): string {
  if (spec.base !== '' && spec.partition.length === 0 && spec.order.length === 0) return quoteName(spec.base);
  const partition = spec.partition.length > 0 ? `PARTITION BY ${spec.partition.map(inner).join(',')} ` : '';
  const order = spec.order.length > 0 ? `ORDER BY ${sorted(spec.order, inner, ' desc')} ` : '';
  return `(${partition}${order})`;
}

/** An aggregate with its order, separator and window; `quoted` writes the separator. */
export function printAggregate(
  e: Extract<Expression, { kind: 'aggregate' }>,
  inner: Inner,
  quoted: (bytes: Buffer) => string,
): string {
  const args = e.star ? '0' : e.args.map(inner).join(',');
  const order = e.order.length > 0 ? ` order by ${sorted(e.order, inner, ' DESC')}` : '';
  const separator =
    e.name.toUpperCase() === 'GROUP_CONCAT' ? ` separator ${quoted(e.separator ?? Buffer.from(','))}` : '';
  const over = e.over ? ` OVER ${printWindow(e.over, inner)} ` : '';
  return `${keptName(e.name)}(${e.distinct ? 'distinct ' : ''}${args}${order}${separator})${over}`;
}
