// The certificates mysqld generates for itself at its first start: a CA and a server certificate, X.509 v3 in DER, RSA-2048.
// Source: sql/auth/sql_authentication.cc's auto-generation as seen on 9.7, RFC 5280.
import { createSign, type KeyObject } from 'node:crypto';

const DAY_MS = 86_400_000;
const VALID_DAYS = 3650;
const TAG = {
  integer: 0x02,
  bitString: 0x03,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;
const OID = { commonName: '550403', sha256WithRsa: '2a864886f70d01010b', basicConstraints: '551d13' } as const;

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const size = body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const oid = (hex: string) => der(TAG.oid, Buffer.from(hex, 'hex'));
const algorithm = () => der(TAG.sequence, oid(OID.sha256WithRsa), der(TAG.null));

function name(commonName: string): Buffer {
  return der(
    TAG.sequence,
    der(TAG.set, der(TAG.sequence, oid(OID.commonName), der(TAG.utf8, Buffer.from(commonName)))),
  );
}

function utcTime(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(TAG.utcTime, Buffer.from(`${text}Z`));
}

export interface CertificateFields {
  readonly serial: number;
  readonly issuer: string;
  readonly subject: string;
  readonly authority: boolean;
  /** Start of validity, in ms since the epoch. */
  readonly from: number;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
}

/** A certificate in PEM. */
export function certificate(fields: CertificateFields): string {
  const until = fields.from + VALID_DAYS * DAY_MS;
  const constraints = der(
    TAG.sequence,
    oid(OID.basicConstraints),
    Buffer.from([0x01, 0x01, 0xff]),
    der(0x04, der(TAG.sequence, fields.authority ? Buffer.from([0x01, 0x01, 0xff]) : Buffer.alloc(0))),
  );
  const body = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.from([fields.serial])),
    algorithm(),
    name(fields.issuer),
    der(TAG.sequence, utcTime(fields.from), utcTime(until)),
    name(fields.subject),
    fields.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(TAG.sequence, constraints)),
  );
  const signature = createSign('sha256').update(body).sign(fields.signingKey);
  const whole = der(TAG.sequence, body, algorithm(), der(TAG.bitString, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
