// Debian packages without a container registry: fetched and verified by apt (archive signature → Release → Packages → .deb),
// in a state directory of our own, so that the machine's own apt is neither used nor changed. See apt-secure(8).
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../decoys/touch/errors.ts';
import { run } from './command.ts';
import type { Platform } from './platforms.ts';

const SUITE = 'trixie';
/** Debian's own keys, from the package debian-archive-keyring; every source is tied to them. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** The package's control paragraph, as dpkg keeps it. */
  readonly control: string;
  readonly sha256: string;
  /** Directory its files are unpacked in. */
  readonly root: string;
}

/** Mirrors of the main archive and of its security updates. */
interface Mirrors {
  readonly main: string;
  readonly security: string | undefined;
}

/** Downloads the named packages for `platform` into `directory` and unpacks each. Throws UserError where apt will not vouch for them. */
export function fetchPackages(names: readonly string[], platform: Platform, directory: string): DebianPackage[] {
  if (!existsSync(KEYRING)) {
    throw new UserError('MISSING_KEYRING', `${KEYRING} is missing: install it (Debian package debian-archive-keyring)`);
  }
  const debs = join(directory, 'debs');
  rmSync(debs, { recursive: true, force: true });
  mkdirSync(debs, { recursive: true });
  const options = isolatedApt(join(directory, 'apt'), platform);
  run('apt-get', [...options, 'update']);
  run('apt-get', [...options, 'download', ...names], { cwd: debs });
  return readdirSync(debs)
    .filter((file) => file.endsWith('.deb'))
    .sort()
    .map((file) => unpack(join(debs, file), join(directory, 'roots')));
}

function unpack(deb: string, roots: string): DebianPackage {
  const control = run('dpkg-deb', ['--field', deb]);
  const name = field(control, 'Package');
  const root = join(roots, name);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  run('dpkg-deb', ['--extract', deb, root]);
  const sha256 = run('sha256sum', [deb]).split(' ', 1)[0] ?? '';
  return { name, version: field(control, 'Version'), control, sha256, root };
}

function field(control: string, name: string): string {
  const line = control.split('\n').find((text) => text.startsWith(`${name}: `));
  if (!line) throw new Error(`package without ${name}`);
  return line.slice(name.length + 2);
}

/** apt's options for a state of its own: no configuration, list, key or package of the machine takes part. */
function isolatedApt(state: string, platform: Platform): string[] {
  for (const path of ['lists/partial', 'cache/archives/partial', 'etc', 'empty']) {
    mkdirSync(join(state, path), { recursive: true });
  }
  const list = join(state, 'etc', 'sources.list');
  const status = join(state, 'status');
  writeFileSync(list, sources(mirrors()));
  writeFileSync(status, '');
  const settings: Record<string, string> = {
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': status,
    'Dir::Cache': join(state, 'cache'),
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': join(state, 'empty'),
    'Dir::Etc::preferencesparts': join(state, 'empty'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::trusted': '/dev/null',
    'Dir::Etc::trustedparts': join(state, 'empty'),
    'APT::Architecture': platform.architecture,
    'APT::Architectures': platform.architecture,
    'APT::Get::AllowUnauthenticated': 'false',
    'APT::Sandbox::User': 'root',
    'Acquire::AllowInsecureRepositories': 'false',
    'Acquire::AllowWeakRepositories': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
  };
  return ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

function sources({ main, security }: Mirrors): string {
  const lines = [
    `deb [signed-by=${KEYRING}] ${main} ${SUITE} main`,
    ...(security ? [`deb [signed-by=${KEYRING}] ${security} ${SUITE}-security main`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Where this machine itself gets Debian from; DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR say otherwise. */
function mirrors(): Mirrors {
  const { DEBIAN_MIRROR: main, DEBIAN_SECURITY_MIRROR: security } = process.env;
  if (main) return { main, security };
  const format = '$(REPO_URI) $(RELEASE) $(ORIGIN)';
  const targets = run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , origin]) => origin === 'Debian');
  const own = targets.find(([, release]) => release !== undefined && !release.includes('-'))?.[0];
  const fixes = targets.find(([, release]) => release?.endsWith('-security'))?.[0];
  if (own) return { main: own, security: fixes };
  throw new UserError(
    'NO_DEBIAN_MIRROR',
    'DEBIAN_MIRROR="": no Debian archive is among this machine\'s apt sources (or "apt-get update" never ran); set it to the address of a Debian mirror',
  );
}

/** A file of an unpacked package, found by its path without a leading slash. */
export function packageFile({ root, name }: DebianPackage, path: string): Buffer {
  const whole = join(root, path);
  if (!existsSync(whole)) throw new Error(`package ${name} has no ${path}`);
  return readFileSync(whole);
}

/** Where a symlink of an unpacked package points, or an empty string where the path is none. */
export function linkTarget({ root }: DebianPackage, path: string): string {
  return lstatSync(join(root, path)).isSymbolicLink() ? readlinkSync(join(root, path)) : '';
}
