// biome-ignore-all lint: an intruder is not bound by our rules
// What somebody who runs JavaScript inside a decoy would try. The tests put it behind the shipped program, so that it runs in the
// decoy's own process, with its flags, after it listens; it writes one line to stderr: what each try came to.
const module_ = process.getBuiltinModule('node:module');
const require_ = module_.createRequire('file:///app/main.mjs');
const TRY_MS = 1_500;
const HOST = process.env.NODE_NAME;
const PORT = 8080;

const settle = (emitter, ...good) =>
  new Promise((resolve, reject) => {
    emitter.once('error', reject);
    for (const name of good) emitter.once(name, () => resolve(name));
  });

/** Each resolves or returns where it succeeded. */
const TRIES = {
  write: {
    'writeFile /tmp': () => require_('fs').writeFileSync('/tmp/x', 'x'),
    'writeFile /dev/shm': () => require_('fs').writeFileSync('/dev/shm/x', 'x'),
    'writeFile /app/main.mjs': () => require_('fs').writeFileSync('/app/main.mjs', 'x'),
    'promises.appendFile /': () => require_('fs/promises').appendFile('/x', 'x'),
    'open /proc/self/mem': () => require_('fs').openSync('/proc/self/mem', 'r+'),
    'writeFile /proc/self/comm': () => require_('fs').writeFileSync('/proc/self/comm', 'x'),
    'mkdir /dev/shm': () => require_('fs').mkdirSync('/dev/shm/d'),
    'mkdtemp /dev/shm': () => require_('fs').mkdtempSync('/dev/shm/d'),
    'symlink /dev/shm': () => require_('fs').symlinkSync('/app', '/dev/shm/s'),
    'unlink /app': () => require_('fs').unlinkSync('/app/main.mjs'),
    'rename /app': () => require_('fs').renameSync('/app/main.mjs', '/app/m'),
    'chmod /app': () => require_('fs').chmodSync('/app/main.mjs', 0o777),
    'copyFile /dev/shm': () => require_('fs').copyFileSync('/app/main.mjs', '/dev/shm/m'),
    'createWriteStream /dev/shm': () => settle(require_('fs').createWriteStream('/dev/shm/w'), 'open'),
    'heap snapshot': () => require_('v8').writeHeapSnapshot('/dev/shm/h'),
    report: () => {
      // Refused on stderr, not by an error; the file it names is what counts.
      if (require_('fs').existsSync(`/dev/shm/${process.report.writeReport('/dev/shm/r')}`)) return;
      throw new Error('no report written');
    },
  },
  read: {
    'readFile /etc/passwd': () => require_('fs').readFileSync('/etc/passwd'),
    'readFile /proc/self/environ': () => require_('fs').readFileSync('/proc/self/environ'),
    'readFile /proc/self/maps': () => require_('fs').readFileSync('/proc/self/maps'),
    'promises.readFile /etc/resolv.conf': () => require_('fs/promises').readFile('/etc/resolv.conf'),
    'readdir /': () => require_('fs').readdirSync('/'),
    'readdir /proc': () => require_('fs').readdirSync('/proc'),
    'stat /etc/passwd': () => require_('fs').statSync('/etc/passwd'),
    'readlink /proc/self/exe': () => require_('fs').readlinkSync('/proc/self/exe'),
    'readFile service account': () =>
      require_('fs').readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/token'),
    'watch /': () => require_('fs').watch('/'),
    'openAsBlob /etc/passwd': async () => (await require_('fs').openAsBlob('/etc/passwd')).text(),
    'import /etc/os-release': () => import('/etc/os-release'),
    'loadEnvFile /etc/os-release': () => process.loadEnvFile('/etc/os-release'),
  },
  outbound: {
    tcp: () => settle(require_('net').connect(PORT, HOST), 'connect'),
    'tcp to itself': () => settle(require_('net').connect(3306, '127.0.0.1'), 'connect'),
    'unix socket': () => settle(require_('net').connect('/var/run/docker.sock'), 'connect'),
    'udp send': () =>
      new Promise((resolve, reject) => {
        const socket = require_('dgram').createSocket('udp4').on('error', reject);
        socket.send('x', PORT, HOST, (error) => (error ? reject(error) : resolve('sent')));
      }),
    'udp bind': () => settle(require_('dgram').createSocket('udp4').bind(0), 'listening'),
    'tcp listen': () => settle(require_('net').createServer().listen(4444), 'listening'),
    'dns.lookup': () => require_('dns/promises').lookup('kubernetes.default'),
    'dns.resolve4': () => require_('dns/promises').resolve4('kubernetes.default'),
    'dns.Resolver': () => {
      const resolver = new (require_('dns/promises').Resolver)({ timeout: 500, tries: 1 });
      resolver.setServers([HOST]);
      return resolver.resolve4('x.test');
    },
    http: () => settle(require_('http').get({ host: HOST, port: PORT }), 'response'),
    fetch: () => fetch(`http://${HOST}:${PORT}/`),
    tls: () => settle(require_('tls').connect(PORT, HOST), 'connect', 'secureConnect'),
    http2: () => settle(require_('http2').connect(`http://${HOST}:${PORT}`), 'connect'),
    WebSocket: () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${HOST}:${PORT}`);
        socket.onopen = resolve;
        socket.onerror = (event) => reject(event.error ?? new Error(event.type));
      }),
  },
  process: {
    spawn: () => settle(require_('child_process').spawn(process.execPath, ['-v']), 'spawn'),
    execSync: () => require_('child_process').execSync('id'),
    fork: () => settle(require_('child_process').fork('/app/main.mjs'), 'spawn'),
    'cluster.fork': () => settle(require_('cluster').fork(), 'online'),
    execve: () => process.execve(process.execPath, ['node', '-v'], {}),
    'binding spawn_sync': () => process.binding('spawn_sync').spawn({ file: process.execPath, args: ['node', '-v'] }),
  },
  worker: { Worker: () => settle(new (require_('worker_threads').Worker)('1', { eval: true }), 'online') },
  wasi: { WASI: () => new (require_('wasi').WASI)({ version: 'preview1', preopens: { '/': '/' } }) },
  addon: {
    'dlopen libc': () => process.dlopen({ exports: {} }, '/usr/lib/libc.so.6'),
    'require raw.node': () => require_('/app/node_modules/raw-socket/build/Release/raw.node'),
  },
  ffi: { ffi: () => require_('node:ffi') },
  sqlite: {
    'write /dev/shm': () => new (require_('node:sqlite').DatabaseSync)('/dev/shm/s.db').exec('CREATE TABLE t (x)'),
    'read /etc/passwd': () => new (require_('node:sqlite').DatabaseSync)('/etc/passwd').exec('SELECT 1'),
  },
  inspector: {
    'inspector.open': () => {
      require_('inspector').open(9229, '127.0.0.1');
      if (!require_('inspector').url()) throw new Error('not open');
    },
    'inspector.Session': () => new (require_('inspector').Session)().connect(),
  },
  rights: {
    'setuid 0': () => process.setuid(0),
    'setgid 0': () => process.setgid(0),
    'permission net': () => {
      if (!process.permission.has('net')) throw new Error('has no net');
    },
  },
  language: {
    'proto accessor': () => ({}).__proto__,
    eval: () => (0, eval)('1'),
    Function: () => new Function('return 1')(),
  },
};

async function attempt(run) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('nothing came of it'), { code: 'TIMEOUT' })), TRY_MS);
  });
  try {
    await Promise.race([(async () => run())(), late]);
    return 'SUCCEEDED';
  } catch (error) {
    // fetch and WebSocket wrap what refused them.
    let root = error;
    while (root?.cause) root = root.cause;
    return `${root?.code ?? root?.name ?? 'Error'}: ${String(root?.message ?? root).split('\n')[0]}`;
  } finally {
    clearTimeout(timer);
  }
}

async function intrude() {
  // Refusals also come as events of things left behind.
  process.on('uncaughtException', () => {});
  process.on('unhandledRejection', () => {});
  const outcome = {};
  for (const [kind, tries] of Object.entries(TRIES)) {
    outcome[kind] = {};
    for (const [name, run] of Object.entries(tries)) outcome[kind][name] = await attempt(run);
  }
  process.stderr.write(`OUTCOME ${JSON.stringify(outcome)}\n`);
}

setTimeout(intrude, 1_000);
