// Real clients and scanners, each with a script of what it does and what it printed at a live MySQL 9.7.4.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CLIENTS = join(import.meta.dirname, '..', '..', 'fixtures', 'clients');
/** However busy the machine is. */
const LONGEST_MS = 110_000;

export interface RecordedClient {
  readonly name: string;
  /** Programs and, after `:`, their modules that the script needs. */
  readonly needs: readonly string[];
  readonly command: readonly string[];
}

/** Debian's own interpreter, whose packages are apt's. */
const PYTHON = '/usr/bin/python3';

export const RECORDED_CLIENTS: readonly RecordedClient[] = [
  { name: 'mariadb', needs: ['mariadb'], command: ['sh', 'mariadb.sh'] },
  { name: 'mariadb-interactive', needs: ['mariadb', PYTHON], command: [PYTHON, 'mariadb-interactive.py'] },
  { name: 'mariadb-tools', needs: ['mariadb-dump', 'mariadb-slap'], command: ['sh', 'mariadb-tools.sh'] },
  { name: 'pymysql', needs: [`${PYTHON}:import pymysql`], command: [PYTHON, 'drivers.py', 'pymysql'] },
  { name: 'mysqlclient', needs: [`${PYTHON}:import MySQLdb`], command: [PYTHON, 'drivers.py', 'MySQLdb'] },
  { name: 'php', needs: ['php:mysqli_init();new ReflectionExtension("pdo_mysql");'], command: ['php', 'drivers.php'] },
  { name: 'perl-mysql', needs: ['perl:use DBD::mysql'], command: ['perl', 'drivers.pl', 'mysql'] },
  { name: 'perl-mariadb', needs: ['perl:use DBD::MariaDB'], command: ['perl', 'drivers.pl', 'MariaDB'] },
  { name: 'mysql2', needs: ['node'], command: [process.execPath, 'mysql2.ts'] },
  { name: 'mysql2-gem', needs: ["ruby:require 'mysql2'"], command: ['ruby', 'mysql2.rb'] },
  {
    name: 'go-sql-driver',
    needs: ['go', 'sh:test -d /usr/share/gocode/src/github.com/go-sql-driver'],
    command: ['sh', 'go-sql-driver.sh'],
  },
  { name: 'sysbench', needs: ['sysbench', 'mariadb'], command: ['sh', 'sysbench.sh'] },
  { name: 'scanners', needs: ['nmap', 'hydra', 'medusa'], command: ['sh', 'scanners.sh'] },
];

/** Runs a client's script at a port of 127.0.0.1; gives what it printed on either stream. */
export function printedBy({ command }: RecordedClient, port: number): Promise<string> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: '/nonexistent', MYSQL_PORT: String(port) };
    const child = spawn(program, args, { cwd: CLIENTS, env, timeout: LONGEST_MS, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** nmap's line of a port it asked nothing of: the service is what its list calls that number. */
const NAMED_BY_NUMBER = /^(PORT\/tcp +\w+ +)\S+$/gm;

/** What a persona has of its own, put out of sight: version, comment, port. */
export function withoutPersona(printed: string, port: number): string {
  return printed
    .replaceAll('9.7.4-2', '9.7.4')
    .replaceAll('(Debian)', 'MySQL Community Server - GPL')
    .replace(new RegExp(`\\b${port}\\b`, 'g'), 'PORT')
    .replace(NAMED_BY_NUMBER, '$1unknown');
}

export function fixtureOf(client: RecordedClient): string {
  return join(CLIENTS, `${client.name}.out`);
}

export function recordedOf(client: RecordedClient): string {
  return readFileSync(fixtureOf(client), 'utf8');
}
