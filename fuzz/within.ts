// A limit on how long a client of ours may wait.
import { Finding } from './target.ts';

/** What `promise` gives; rejects where that takes longer than `ms`. */
export async function within<T>(ms: number, who: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Finding(`${who} was not served within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
