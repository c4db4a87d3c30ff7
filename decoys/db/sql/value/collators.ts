// Collators of the runtime's ICU for the collations that follow Unicode's rules, a language's own among them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/charset-unicode-sets.html; languages by INFORMATION_SCHEMA.COLLATIONS of 9.7.

/** How far two texts may differ and still be equal. */
type Sensitivity = 'base' | 'accent' | 'variant';

/** Locales of languages whose name in a collation is not their own. */
const LOCALES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  croatian: 'hr',
  czech: 'cs',
  danish: 'da',
  de_pb: 'de-u-co-phonebk',
  es_trad: 'es-u-co-trad',
  esperanto: 'eo',
  estonian: 'et',
  german1: 'de',
  german2: 'de-u-co-phonebk',
  hungarian: 'hu',
  icelandic: 'is',
  latvian: 'lv',
  lithuanian: 'lt',
  mn_cyrl: 'mn',
  persian: 'fa',
  polish: 'pl',
  roman: 'la',
  romanian: 'ro',
  sinhala: 'si',
  slovak: 'sk',
  slovenian: 'sl',
  spanish: 'es',
  spanish2: 'es-u-co-trad',
  sr_latn: 'sr-Latn',
  swedish: 'sv',
  turkish: 'tr',
  unicode: 'und',
  unicode_520: 'und',
  vietnamese: 'vi',
};

const MODERN = /^utf8mb4_(?:([a-z_]{2,8})_)?0900_(ai_ci|as_ci|as_cs)(?:_ks)?$/;
const OLDER = /^(?:utf8mb[34]|ucs2|utf16|utf32|latin1(?=_swedish|_german|_danish|_spanish))_([a-z0-9_]{2,12})_ci$/;

const SENSITIVITIES: Readonly<Record<string, Sensitivity>> = { ai_ci: 'base', as_ci: 'accent', as_cs: 'variant' };

export interface Order {
  readonly compare: (a: string, b: string) => number;
  /** A language's own rules: letters may differ from those Unicode takes them for. */
  readonly tailored: boolean;
  readonly sensitivity: Sensitivity;
}

/** Orders made last; past the cap the oldest is forgotten. */
const orders = new Map<string, Order | undefined>();
const ORDERS = 12;

function made(collation: string): Order | undefined {
  const modern = MODERN.exec(collation);
  const language = modern ? (modern[1] ?? 'und') : OLDER.exec(collation)?.[1];
  if (language === undefined || (!modern && !LOCALES[language])) return undefined;
  const locale = LOCALES[language] ?? language;
  const sensitivity = SENSITIVITIES[modern?.[2] ?? 'ai_ci'] as Sensitivity;
  const collator = new Intl.Collator(locale, { sensitivity });
  const kana = collation.endsWith('_ks');
  const compare = (a: string, b: string) =>
    Math.sign(collator.compare(a, b)) || (kana ? (a < b ? -1 : a > b ? 1 : 0) : 0);
  return { compare, tailored: locale !== 'und', sensitivity };
}

/** The order of a collation; undefined of one that follows no rules of Unicode's. */
export function orderOf(collation: string): Order | undefined {
  const known = orders.get(collation);
  if (known || orders.has(collation)) return known;
  const order = made(collation);
  if (orders.size >= ORDERS) orders.delete(orders.keys().next().value as string);
  orders.set(collation, order);
  return order;
}
