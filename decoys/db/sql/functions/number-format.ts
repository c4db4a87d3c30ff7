// FORMAT(): grouped digits as each locale writes them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/locale-support.html
import type { Execution } from '../execution.ts';
import { type Decimal, rescale } from '../value/decimal.ts';
import { type SqlType, textLength, textType } from '../value/type.ts';
import { toDecimal, type Value } from '../value/value.ts';
import type { FunctionTable } from './function.ts';
import { number, text } from './text-argument.ts';

/** Decimal point and thousands separator of locales that have others than en_US. */
const MARKS: Readonly<Record<string, readonly [string, string]>> = {
  __proto__: null as never,
  ...Object.fromEntries(
    [
      'de_DE',
      'da_DK',
      'es_AR',
      'id_ID',
      'is_IS',
      'it_CH_',
      'nl_',
      'ro_RO_',
      'sl_',
      'tr_TR',
      'vi_VN',
      'de_BE',
      'de_LU',
    ].map((name) => [name, [',', '.']]),
  ),
  ...Object.fromEntries(
    ['fr_FR', 'pt_BR', 'pt_PT', 'it_IT', 'es_ES', 'nl_NL', 'nl_BE', 'pl_PL', 'de_AT', 'el_GR', 'fr_BE', 'fr_LU'].map(
      (name) => [name, [',', '']],
    ),
  ),
  ...Object.fromEntries(
    ['ru_RU', 'cs_CZ', 'fi_FI', 'nb_NO', 'no_NO', 'sv_SE', 'sk_SK', 'uk_UA', 'bg_BG', 'et_EE', 'lv_LV'].map((name) => [
      name,
      [',', ' '],
    ]),
  ),
  de_CH: ['.', "'"],
};

const INDIAN_GROUPS = /\B(?=(?:\d{2})*\d{3}$)/g;

const KNOWN_LOCALE = /^[a-z]{2}_[A-Z]{2}$/;

/** The locale FORMAT is given; en_US with a warning where there is none of the name. */
function localeOf(value: Value | undefined, x: Execution): string {
  if (value === undefined) return 'en_US';
  const name = text(value);
  if (KNOWN_LOCALE.test(name)) return name;
  x.warn('ER_UNKNOWN_LOCALE', name);
  return 'en_US';
}

function formatNumber(value: Value, decimals: number, locale: string): string {
  const scaled = rescale(toDecimal(value) as Decimal, Math.max(0, Math.min(30, decimals))).toString();
  const [whole, fraction] = scaled.split('.');
  const [point, comma] = MARKS[locale] ?? ['.', ','];
  const grouping = locale === 'en_IN' || locale === 'hi_IN' ? INDIAN_GROUPS : /\B(?=(\d{3})+(?!\d))/g;
  const grouped = (whole as string).replace(grouping, comma);
  return fraction === undefined ? grouped : `${grouped}${point}${fraction}`;
}

export const NUMBER_FORMAT_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  FORMAT: {
    args: [2, 3],
    takes: 'nit',
    strict: true,
    type: (args) => {
      const digits = textLength(args[0] as SqlType);
      return textType(digits + Math.floor(digits / 3) + 2 + 30);
    },
    evaluate: ([value, decimals, locale], x) =>
      formatNumber(value as Value, number(decimals as Value), localeOf(locale, x)),
  },
};
