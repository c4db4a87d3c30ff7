// What a request shows beyond having been made: looked up in the tables of this folder, and counted per source where one
// request alone says nothing (word lists, password guessing).
import type { TechniqueId } from '../../touch/actions.ts';
import type { Exchange, Peer } from '../http/exchange.ts';
import type { HeadFailure } from '../http/head.ts';

export interface Finding {
  /** Names of the signatures, the gravest first, joined by commas. */
  readonly name: string;
  readonly techniques: readonly TechniqueId[];
  /** The program that seems to be asking. */
  readonly tool?: string;
  readonly urgent?: boolean;
}

export interface Scrutiny {
  request(exchange: Exchange): Finding | undefined;
  refusal(peer: Peer, failure: HeadFailure, sent: Buffer): Finding | undefined;
}

export function createScrutiny(): Scrutiny {
  return {
    request: () => undefined,
    refusal: () => undefined,
  };
}
