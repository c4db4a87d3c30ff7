// Compiles raw-socket against the Node that npm scripts run on (the pinned one), never against the system's.
// Not being able to compile is no failure: the app decoy then says at start what it cannot see.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const addon = join(root, 'node_modules', 'raw-socket');
const nodedir = dirname(dirname(process.execPath));

function loads() {
  try {
    createRequire(import.meta.url)('raw-socket');
    return true;
  } catch {
    return false;
  }
}

function build() {
  const gyp = process.env.npm_config_node_gyp;
  if (!gyp) return 'npm gave no node-gyp';
  const headers = existsSync(join(nodedir, 'include', 'node')) ? [`--nodedir=${nodedir}`] : [];
  // npm's own nodedir setting may name another Node's headers; the flag and the variable both have to be ours.
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (/^npm_(package_)?config_.*nodedir$/i.test(name)) delete env[name];
  const run = spawnSync(process.execPath, [gyp, 'rebuild', ...headers], { cwd: addon, env, encoding: 'utf8' });
  if (run.status === 0) return loads() ? '' : 'the compiled addon does not load';
  const lines = `${run.error?.message ?? ''}\n${run.stderr ?? ''}`.split('\n');
  return lines.find((line) => /ERR! stack|error:|not found/i.test(line))?.trim() ?? 'node-gyp failed';
}

if (existsSync(addon) && !loads()) {
  const problem = build();
  if (problem)
    console.error(`raw-socket was not built (${problem}); the app decoy will run on the kernel's counters only.`);
}
