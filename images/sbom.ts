// The bill of materials of one image: CycloneDX 1.6 JSON, every component by its package URL, the same for the same content.
// cyclonedx.org/docs/1.6/json, github.com/package-url/purl-spec
import { createHash } from 'node:crypto';
import type { DebianPackage } from './debian.ts';
import type { LockedPackage, NodeRuntime } from './node-runtime.ts';
import type { Platform } from './platforms.ts';

export interface NpmComponent extends LockedPackage {
  readonly name: string;
}

export interface Contents {
  readonly image: string;
  readonly version: string;
  readonly digest: string;
  readonly platform: Platform;
  readonly node: NodeRuntime;
  readonly debian: readonly DebianPackage[];
  readonly npm: readonly NpmComponent[];
}

const DEBIAN_RELEASE = 13;

export function sbom(contents: Contents): string {
  const { image, version, digest, platform, node, debian, npm } = contents;
  const components = [
    {
      type: 'application',
      'bom-ref': `pkg:generic/node@${node.version}`,
      name: 'node',
      version: node.version,
      licenses: [{ license: { id: 'MIT' } }],
      cpe: `cpe:2.3:a:nodejs:node.js:${node.version}:*:*:*:*:*:*:*`,
      purl: `pkg:generic/node@${node.version}`,
      hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(node.binary).digest('hex') }],
    },
    ...debian.map((one) => {
      const purl = `pkg:deb/debian/${encodeURIComponent(one.name)}@${encodeURIComponent(one.version)}?arch=${platform.architecture}&distro=debian-${DEBIAN_RELEASE}`;
      return {
        type: 'library',
        'bom-ref': purl,
        name: one.name,
        version: one.version,
        purl,
        // Of the .deb the files come from.
        hashes: [{ alg: 'SHA-256', content: one.sha256 }],
      };
    }),
    ...npm.map((one) => {
      const purl = `pkg:npm/${one.name.replace('@', '%40')}@${encodeURIComponent(one.version)}`;
      return {
        type: 'library',
        'bom-ref': purl,
        name: one.name,
        version: one.version,
        ...(one.license ? { licenses: [{ expression: one.license }] } : {}),
        purl,
        ...(one.integrity ? { hashes: [integrityHash(one.integrity)] } : {}),
      };
    }),
  ];
  const own = `pkg:oci/${image}@${encodeURIComponent(digest)}?arch=${platform.architecture}&tag=${version}`;
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'container', 'bom-ref': own, name: image, version, purl: own } },
    components,
    dependencies: [
      { ref: own, dependsOn: components.map((component) => component['bom-ref']) },
      ...components.map((component) => ({ ref: component['bom-ref'] })),
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** Subresource Integrity (base64) → CycloneDX (hex). */
function integrityHash(integrity: string): { alg: string; content: string } {
  const [algorithm = '', base64 = ''] = integrity.split('-', 2);
  return { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') };
}
