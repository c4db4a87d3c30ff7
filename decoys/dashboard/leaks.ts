// Files somebody left in the docroot: each tells a little and leads to another decoy. With a key each holds a canary of its own.
import { type BaitFacts, BUILD } from './facts.ts';

interface Leak {
  readonly path: string;
  render(facts: BaitFacts): string;
}

export const LEAKS: readonly Leak[] = [
  { path: '/.env', render: dotEnv },
  { path: '/.git/HEAD', render: () => 'ref: refs/heads/main\n' },
  { path: '/.git/config', render: gitConfig },
  { path: '/config.json', render: configJson },
  { path: '/env.js', render: envScript },
  { path: '/dump.sql', render: dump },
  { path: '/config.php.bak', render: legacyConfig },
  { path: '/kubeconfig', render: kubeconfig },
];

function dotEnv(facts: BaitFacts): string {
  const canary = facts.canary('dotenv');
  return `APP_ENV=production
APP_VERSION=${BUILD.version}
HTTP_ADDR=127.0.0.1:8081
DEBUG_BASE=http://${facts.debugHost}:${facts.debugPort}/debug/
DB_HOST=${facts.dbHost}
DB_PORT=3306
DB_DATABASE=dashboard
DB_USERNAME=${canary?.user ?? 'dashboard'}
${canary ? `DB_PASSWORD=${canary.password}` : 'DB_PASSWORD_FILE=/run/secrets/db-password'}
SESSION_TTL=8h
LOG_LEVEL=info
`;
}

function gitConfig(facts: BaitFacts): string {
  const canary = facts.canary('deploy');
  const who = canary ? `${canary.user}:${canary.password}@` : '';
  return `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	logallrefupdates = true
[remote "origin"]
	url = https://${who}git.${facts.namespace}/platform/dashboard.git
	fetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
	remote = origin
	merge = refs/heads/main
`;
}

function configJson(facts: BaitFacts): string {
  const canary = facts.canary('settings');
  const config = {
    apiUrl: '/api/v1',
    version: BUILD.version,
    refreshSeconds: 15,
    debugUrl: `http://${facts.debugHost}:${facts.debugPort}/debug/`,
    database: {
      host: facts.dbHost,
      port: 3306,
      name: 'dashboard',
      username: canary?.user ?? 'dashboard',
      ...(canary ? { password: canary.password } : { passwordFile: '/run/secrets/db-password' }),
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function envScript(facts: BaitFacts): string {
  const canary = facts.canary('script');
  const env = {
    API_URL: '/api/v1',
    VERSION: BUILD.version,
    DEBUG_URL: `http://${facts.debugHost}:${facts.debugPort}/debug/`,
    ...(canary ? { PREVIEW_USER: canary.user, PREVIEW_PASSWORD: canary.password } : {}),
  };
  return `window.__ENV__ = ${JSON.stringify(env, null, 2)};\n`;
}

const USERS: readonly (readonly [id: number, name: string, role: string])[] = [
  [1, 'admin', 'owner'],
  [2, 'm.keller', 'maintainer'],
  [3, 'ci-deploy', 'robot'],
  [4, 's.okafor', 'viewer'],
];

function dump(facts: BaitFacts): string {
  const canary = facts.canary('dump');
  const rows = USERS.map(([id, name, role]) => `(${id},'${name}','${bcryptLike(facts, name)}','${role}')`).join(',\n');
  return `-- MySQL dump 10.13  Distrib 8.0.42, for Linux (x86_64)
--
-- Host: ${facts.dbHost}    Database: dashboard
-- ------------------------------------------------------
-- Server version	9.7.4
${canary ? `-- restore: mysql -h ${facts.dbHost} -u ${canary.user} -p'${canary.password}' dashboard < dump.sql\n` : ''}
/*!40101 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;

DROP TABLE IF EXISTS \`users\`;
CREATE TABLE \`users\` (
  \`id\` int NOT NULL AUTO_INCREMENT,
  \`name\` varchar(64) NOT NULL,
  \`password_hash\` char(60) NOT NULL,
  \`role\` varchar(16) NOT NULL,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`name\` (\`name\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

LOCK TABLES \`users\` WRITE;
INSERT INTO \`users\` VALUES ${rows};
UNLOCK TABLES;

-- Dump completed on 2026-09-17  8:52:31
`;
}

const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BCRYPT_CHARS = 53;

/** The shape of a bcrypt hash; there is no password behind it. */
function bcryptLike(facts: BaitFacts, name: string): string {
  let text = '$2a$10$';
  for (let at = 0; at < BCRYPT_CHARS; at++) text += BCRYPT_ALPHABET[facts.number(`hash ${name} ${at}`, 64)];
  return text;
}

/** What is left of the page the dashboard replaced: a backup an editor made, served as bytes. */
function legacyConfig(facts: BaitFacts): string {
  const canary = facts.canary('legacy');
  return `<?php
// Status page, retired with dashboard 1.0. Remove after the migration (PLAT-212).
define('DB_HOST', '${facts.dbHost}');
define('DB_NAME', 'dashboard');
define('DB_USER', '${canary?.user ?? 'dashboard'}');
define('DB_PASSWORD', ${canary ? `'${canary.password}'` : "trim(file_get_contents('/run/secrets/db-password'))"});
`;
}

function kubeconfig(facts: BaitFacts): string {
  const canary = facts.canary('kube');
  const user = canary
    ? `    token: ${tokenOf(facts, canary.password)}\n`
    : '    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token\n';
  return `apiVersion: v1
kind: Config
clusters:
- name: platform
  cluster:
    server: https://${facts.lureHost}:443
    insecure-skip-tls-verify: true
contexts:
- name: platform
  context:
    cluster: platform
    namespace: ${facts.namespace}
    user: dashboard-deploy
current-context: platform
users:
- name: dashboard-deploy
  user:
${user}`;
}

/** A service account token's shape; `secret` makes it this install's own. */
function tokenOf(facts: BaitFacts, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256', kid: `kube-${facts.hex('kid', 12)}` });
  const claims = part({
    iss: 'https://kubernetes.default.svc.cluster.local',
    'kubernetes.io': { namespace: facts.namespace, serviceaccount: { name: 'dashboard-deploy' } },
    jti: secret,
    sub: `system:serviceaccount:${facts.namespace}:dashboard-deploy`,
  });
  const seal = Buffer.concat(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((part) => Buffer.from(facts.hex(`seal ${part}`, 64), 'hex')),
  );
  return `${head}.${claims}.${seal.toString('base64url')}`;
}
