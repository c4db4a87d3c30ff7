// Fingerprints of the certificates a server shows.
import type { X509Certificate } from 'node:crypto';
import { type Fingerprint, fingerprint } from './check.ts';
import { secure } from './tls-client.ts';

/** The chain a server shows. */
async function chain(port: number): Promise<X509Certificate[]> {
  const { tls } = await secure(port, {});
  const all: X509Certificate[] = [];
  for (let next = tls.getPeerX509Certificate(); next && all.length < 4; next = next.issuerCertificate) {
    all.push(next);
    if (next.issuerCertificate === next) break;
  }
  tls.destroy();
  return all;
}

function described(name: string, tell: (certificates: X509Certificate[]) => unknown): Fingerprint {
  return fingerprint(`certificate: ${name}`, async (port) => tell(await chain(port)));
}

export const CERTIFICATES: readonly Fingerprint[] = [
  described('length of the chain', (all) => all.length),
  described('names', (all) =>
    all.map(({ subject, issuer }) => [subject, issuer].map((text) => text.replace('9.7.4-2', '9.7.4'))),
  ),
  described('serial numbers', (all) => all.map(({ serialNumber }) => serialNumber)),
  described('validity in days', (all) =>
    all.map(({ validFromDate, validToDate }) => (Number(validToDate) - Number(validFromDate)) / 86_400_000),
  ),
  described('from when', (all) =>
    all.map(
      ({ validFromDate }) =>
        Date.now() - Number(validFromDate) < 86_400_000 * 30 && Number(validFromDate) <= Date.now(),
    ),
  ),
  described('authority', (all) => all.map(({ ca }) => ca)),
  described('alternative names', (all) => all.map(({ subjectAltName }) => subjectAltName ?? '')),
  described('keys', (all) =>
    all.map(({ publicKey }) => [
      publicKey.asymmetricKeyType,
      publicKey.asymmetricKeyDetails?.modulusLength,
      String(publicKey.asymmetricKeyDetails?.publicExponent),
    ]),
  ),
  described('purposes', (all) => all.map(({ keyUsage, infoAccess }) => [keyUsage ?? '', infoAccess ?? ''])),
  described('signatures', (all) => all.map(({ raw }) => raw.includes(Buffer.from('2a864886f70d01010b', 'hex')))),
  described('bytes', (all) => all.map(({ raw }) => raw.length)),
  described('shape', (all) =>
    all.map(({ raw }) =>
      raw
        .subarray(0, 60)
        .toString('hex')
        .replace(/^(.{8})..../, '$1'),
    ),
  ),
  described('signed by its authority', (all) => all.map((one, at) => one.verify((all[at + 1] ?? one).publicKey))),
];
