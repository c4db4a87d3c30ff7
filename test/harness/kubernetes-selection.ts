// Which objects a request to the Kubernetes API is about: by its path and its label selector.
export interface Selectable {
  readonly metadata: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Whether a request for `asked` sees an object of the collection: all namespaces, or one. */
export function matchesPath(asked: string, collection: string, object: Selectable): boolean {
  if (asked === collection) return true;
  const parts = /^(.*)\/namespaces\/([^/]+)\/([^/]+)$/.exec(asked);
  return parts !== null && `${parts[1]}/${parts[3]}` === collection && parts[2] === object.metadata.namespace;
}

/** `key in (a,b)` and `key=value`, joined by commas outside parentheses. */
export function matchesSelector(selector: string, object: Selectable): boolean {
  if (selector === '') return true;
  const labels = object.metadata.labels ?? {};
  return selector.split(/,(?![^(]*\))/).every((term) => {
    const among = /^\s*(\S+) in \(([^)]*)\)\s*$/.exec(term);
    if (among)
      return among[2]!
        .split(',')
        .map((value) => value.trim())
        .includes(labels[among[1]!] ?? '\0');
    const [key = '', value = ''] = term.split('=');
    return labels[key.trim()] === value.trim();
  });
}
