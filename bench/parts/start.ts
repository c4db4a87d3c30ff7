// From spawn to the first connection accepted, beside the real servers.

import type { Figure } from '../figure.ts';
import { type Server, startBareNode, startDecoy, startMariadb } from '../servers.ts';

const STARTS = 7;
const BUDGET_MS = 500;

async function medianStart(start: () => Promise<Server | undefined>, starts = STARTS): Promise<number | undefined> {
  const took: number[] = [];
  for (let count = 0; count < starts; count++) {
    const server = await start();
    if (!server) return undefined;
    took.push(server.startMs);
    await server.stop();
  }
  return took.toSorted((a, b) => a - b)[took.length >> 1];
}

export const lackingStart = () => '';

export async function measureStart(): Promise<Figure[]> {
  const bare = await medianStart(() => startBareNode('http'));
  const mariadb = await medianStart(startMariadb, 1);
  const others = { dashboard: [], db: mariadb === undefined ? [] : [{ name: 'MariaDB', value: mariadb }] } as const;
  const figures: Figure[] = [];
  for (const name of ['dashboard', 'db'] as const) {
    const value = (await medianStart(() => startDecoy(name))) ?? Number.NaN;
    const peers = [
      ...(bare === undefined ? [] : [{ name: 'bare Node', value: bare }]),
      ...others[name],
      { name: 'OpenCanary', value: 970, published: true },
    ];
    figures.push({
      what: `start of ${name} until it accepts`,
      value,
      unit: 'ms',
      budget: { kind: 'most', value: BUDGET_MS },
      peers,
      note: `median of ${STARTS}`,
    });
  }
  return figures;
}
