// One archive an image, in two forms at once: an OCI image layout and the manifest.json of `docker save` over the same blobs,
// so that docker, podman, skopeo and ctr all load it. OCI Image Format 1.1; nothing in it depends on when or where it is made.
import { createHash } from 'node:crypto';
import type { Platform } from './platforms.ts';
import { type TarEntry, tar } from './tar.ts';

const EPOCH = '1970-01-01T00:00:00Z';
const MEDIA = {
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  config: 'application/vnd.oci.image.config.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const;

export interface Layer {
  /** SHA-256 of the tar before compression, as `sha256:…`. */
  readonly diffId: string;
  readonly compressed: Buffer;
  /** What `docker history` shows. */
  readonly createdBy: string;
}

/** The part of an image's configuration that a recipe decides. */
export interface ImageConfig {
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Image {
  readonly archive: Buffer;
  /** Of the manifest: what a registry would call the image. */
  readonly digest: string;
  /** Bytes of the compressed layers together. */
  readonly layerBytes: number;
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Builds the archive of the image `name:tag`. */
export function image(
  name: string,
  tag: string,
  platform: Platform,
  layers: readonly Layer[],
  config: ImageConfig,
): Image {
  const configBytes = json({
    created: EPOCH,
    architecture: platform.architecture,
    os: 'linux',
    ...(platform.architecture === 'arm64' ? { variant: 'v8' } : {}),
    config: {
      User: config.user,
      ...(config.ports.length
        ? { ExposedPorts: Object.fromEntries(config.ports.map((port) => [`${port}/tcp`, {}])) }
        : {}),
      Env: Object.entries(config.env).map(([key, value]) => `${key}=${value}`),
      Entrypoint: config.entrypoint,
      ...(config.command.length ? { Cmd: config.command } : {}),
      WorkingDir: '/',
      Labels: config.labels,
      StopSignal: 'SIGTERM',
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ createdBy }) => ({ created: EPOCH, created_by: createdBy })),
  });
  const manifestBytes = json({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: descriptor(MEDIA.config, configBytes),
    layers: layers.map(({ compressed }) => descriptor(MEDIA.layer, compressed)),
  });
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA.index,
    manifests: [
      {
        ...descriptor(MEDIA.manifest, manifestBytes),
        platform: { architecture: platform.architecture, os: 'linux' },
        annotations: {
          'io.containerd.image.name': `docker.io/library/${name}:${tag}`,
          'org.opencontainers.image.ref.name': `${name}:${tag}`,
        },
      },
    ],
  };
  const blobs = [configBytes, manifestBytes, ...layers.map(({ compressed }) => compressed)];
  const docker = [
    {
      Config: blobPath(configBytes),
      RepoTags: [`${name}:${tag}`],
      Layers: layers.map(({ compressed }) => blobPath(compressed)),
    },
  ];
  const entries: TarEntry[] = [
    { type: 'directory', path: 'blobs', mode: 0o755 },
    { type: 'directory', path: 'blobs/sha256', mode: 0o755 },
    ...blobs.map((content): TarEntry => ({ type: 'file', path: blobPath(content), mode: 0o644, content })),
    { type: 'file', path: 'index.json', mode: 0o644, content: json(index) },
    { type: 'file', path: 'manifest.json', mode: 0o644, content: json(docker) },
    { type: 'file', path: 'oci-layout', mode: 0o644, content: json({ imageLayoutVersion: '1.0.0' }) },
  ];
  return {
    archive: tar(entries),
    digest: digestOf(manifestBytes),
    layerBytes: layers.reduce((sum, { compressed }) => sum + compressed.length, 0),
  };
}

function blobPath(bytes: Uint8Array): string {
  return `blobs/sha256/${digestOf(bytes).slice('sha256:'.length)}`;
}

function descriptor(mediaType: string, bytes: Uint8Array): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
