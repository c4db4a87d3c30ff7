// Statements made to cost much: what each asks for is far more than a server of one's own would be asked, in memory, time or depth.
// Played by the tests in part and by `bench/hostile.ts` in full; what they are answered is not looked at here, only that they are.

export interface Bomb {
  readonly name: string;
  /** Said one after the other on one connection. */
  readonly statements: Iterable<string>;
}

const MIB = 1024 * 1024;
const numbers = (count: number, between = ',') => Array.from({ length: count }, (_, at) => at).join(between);
const nested = (open: string, inner: string, close: string, depth: number) =>
  open.repeat(depth) + inner + close.repeat(depth);
const times = (count: number, one: (at: number) => string) => Array.from({ length: count }, (_, at) => one(at));

const DIGITS =
  '(select 0 n union all select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6 union all select 7 union all select 8 union all select 9)';
const digits = (tables: number) => times(tables, (at) => `${DIGITS} d${at}`).join(',');
const counting = (to: number) =>
  `with recursive r(n) as (select 1 union all select n+1 from r where n < ${to}) select /*+ set_var(cte_max_recursion_depth=10000000) */`;

/** Nesting of every kind a parser, a compiler or a stack may fall over. */
const DEEP: readonly Bomb[] = [
  { name: 'casts in casts', statements: [nested('cast(', '1', ' as char)', 4_000)].map((e) => `select ${e}`) },
  { name: 'parentheses', statements: [`select ${nested('(', '1', ')', 24_000)}`] },
  { name: 'CASE in CASE', statements: [`select ${nested('case when 1 then ', '1', ' end', 4_000)}`] },
  { name: 'IF in IF', statements: [`select ${nested('if(1,', '1', ',0)', 4_000)}`] },
  { name: 'NOT and minus', statements: [`select ${'not '.repeat(20_000)}1`, `select ${'- '.repeat(20_000)}1`] },
  { name: 'subqueries in subqueries', statements: [`select ${nested('(select ', '1', ')', 4_000)}`] },
  {
    name: 'derived tables in derived tables',
    statements: [`select * from ${nested('(select * from ', '(select 1) d', ') d', 2_000)}`],
  },
  {
    name: 'common tables that double',
    statements: [
      `with ${times(40, (at) => (at === 0 ? 'c0 as (select 1 n union all select 2)' : `c${at} as (select a.n from c${at - 1} a, c${at - 1} b)`)).join(',')} select count(*) from c39`,
    ],
  },
  { name: 'joins in joins', statements: [`select * from ${nested('(', '(select 1 a) t0', ')', 500)}`] },
  {
    name: 'JSON in JSON',
    statements: [
      `select json_valid('${nested('[', '1', ']', 100_000)}')`,
      `select json_depth('${nested('{"a":', '1', '}', 50_000)}')`,
      `select json_extract('${nested('[', '1', ']', 90)}', '$**[0]**[0]**[0]**[0]')`,
    ],
  },
  { name: 'XPath', statements: [`select extractvalue('${nested('<a>', 'x', '</a>', 50_000)}', '//a')`] },
];

/** Values that grow. */
const LARGE: readonly Bomb[] = [
  {
    name: 'REPEAT of REPEAT',
    statements: [
      'select length(repeat(repeat(repeat("a",1000),1000),1000))',
      `select ${times(200, () => 'repeat("a",1000000)').join(',')}`,
      `select concat(${times(60, () => 'repeat("\u00e9",500000)').join(',')})`,
      'select repeat("a",1e18), space(2000000000), lpad("",67108864,"ab"), rpad("x",4294967296,"\u{1f600}")',
    ],
  },
  {
    name: 'text functions over a megabyte',
    statements: [
      'reverse',
      'upper',
      'hex',
      'soundex',
      'quote',
      'to_base64',
      'md5',
      'crc32',
      'compress',
      'char_length',
      'sha1',
    ].flatMap((name) => [
      `select length(${name}(repeat("a\u00e9",300000)))`,
      `select ${times(40, () => `length(${name}(repeat("a",1000000)))`).join(',')}`,
    ]),
  },
  {
    name: 'searches of a megabyte in a megabyte',
    statements: [
      'select locate(concat(repeat("a",400000),"b"), repeat("a",900000))',
      `select ${times(60, () => 'instr(repeat("ab",400000),concat(repeat("ab",100000),"c"))').join(',')}`,
      `select ${times(60, () => 'replace(repeat("a",500000),"a","b")').join(',')}`,
      'select replace(repeat("a",500000),"a",repeat("b",500000))',
      `select ${times(60, () => 'substring_index(repeat("a,",500000),",",-400000)').join(',')}`,
      'select find_in_set("x", repeat("a,",500000)), strcmp(repeat("a",1000000),repeat("A",1000000))',
      `select ${times(60, () => 'trim(both "ab" from repeat("ab",500000))').join(',')}`,
      'select repeat("a",1000000) like concat(repeat("%a",2000),"b"), repeat("a",1000000) like repeat("%_",100000)',
    ],
  },
  {
    name: 'regular expressions',
    statements: [
      'select repeat("a",100000) regexp "(a|a)*(a|a)*(a|a)*b"',
      'select repeat("a",30) regexp "(a*)*b", repeat("a",60000) regexp concat(repeat("a?",400),repeat("a",400))',
      `select regexp_replace(repeat("ab",200000),"(a)(b)?","$2$1$2$1"), regexp_like("x","${'('.repeat(500)}x${')'.repeat(500)}")`,
      'select repeat("a",100000) regexp "((a{1,100}){1,100}){1,100}b"',
      `select "x" regexp "[${'a-z'.repeat(300)}]{1000}"`,
      `select ${times(400, (at) => `"${'a'.repeat(1000)}" regexp "a{${at + 1}}.*b${at}"`).join(',')}`,
    ],
  },
  {
    name: 'GROUP_CONCAT',
    statements: [
      'set session group_concat_max_len = 4294967295',
      `select group_concat(repeat("a",1000) order by a.n desc separator "${'-'.repeat(1000)}") from ${digits(4)}, (select 1) a`,
      `select group_concat(distinct d0.n, d1.n, d2.n, d3.n order by d0.n, d1.n desc) from ${digits(4)}`,
      `select group_concat(repeat("\u{1f600}",250) separator "") from ${digits(4)}`,
      `${counting(100_000)} length(group_concat(repeat("x",1000))) from r`,
    ],
  },
  {
    name: 'JSON that grows',
    statements: [
      `select json_array(${numbers(20_000)})`,
      `select json_object(${times(10_000, (at) => `"k${at}",${at}`).join(',')})`,
      `${counting(20_000)} json_arrayagg(n) from r`,
      `${counting(20_000)} json_objectagg(n, repeat("x",100)) from r`,
      'set @j = "[1]"',
      ...times(24, () => 'set @j = json_merge_preserve(@j,@j)'),
      'select json_pretty(@j), json_search(@j,"all","x"), json_contains(@j,@j), json_overlaps(@j,@j)',
      'set @o = concat("[",repeat("{\\"a\\":1},",50000),"1]")',
      'select json_contains(@o,@o), json_extract(@o,"$[*].a"), json_length(json_keys(@o,"$[0]")), json_unquote(@o)',
      `select ${times(60, (at) => `json_set(@o,"$[${at}].b",@o)`).join(',')}`,
      'select count(*) from json_table(@o,"$[*]" columns(i for ordinality, a int path "$.a", nested path "$.x[*]" columns(b int path "$"))) t',
      'select count(*) from json_table(@o,"$[*]" columns(a int path "$.a")) t, json_table(@o,"$[*]" columns(a int path "$.a")) u',
    ],
  },
  {
    name: 'variables that double',
    statements: [
      'set @a = "a"',
      ...times(40, () => 'set @a = concat(@a,@a)'),
      'select @a, @a, @a, @a, concat(@a,@a,@a)',
      ...times(600, (at) => `set @v${at} = repeat("v",100000)`),
      ...times(300, (at) => `set @w${at} = @a`),
    ],
  },
  {
    name: 'numbers of many digits',
    statements: [
      `select ${'9'.repeat(60_000)}`,
      `select ${times(400, () => '9'.repeat(65)).join('*')}`,
      `select conv(repeat("z",100000),36,2), bin(18446744073709551615), pow(${times(50, () => '9').join(',9),pow(')}`,
      `select round(${'1'.repeat(60)}.${'3'.repeat(29)}, 4294967295), truncate(1e308, -4294967295), format(1e308,4294967295)`,
    ],
  },
  {
    name: 'dates far away',
    statements: [
      'select adddate("9999-12-31", interval 9223372036854775807 second), makedate(9999,4294967295), period_add(999999,9223372036854775807)',
      `select ${times(2_000, () => 'date_format(now(),"%W %M %Y %j %U %u %V %v %x %X")').join(',')}`,
      `select date_format(now(), "${'%W'.repeat(20_000)}")`,
      `select str_to_date(repeat("1",60000), repeat("%d",30000))`,
    ],
  },
];

/** Rows that multiply. */
const MANY: readonly Bomb[] = [
  {
    name: 'IN of many',
    statements: [
      `select 1 in (${numbers(24_000)})`,
      `select (1,2) in (${times(8_000, (at) => `(${at},${at})`).join(',')})`,
    ],
  },
  {
    name: 'calls with thousands of arguments',
    statements: [
      `select field("zz", ${times(4_000, (at) => `"x${at}"`).join(',')})`,
      `select json_length(json_set("{}", ${times(4_000, (at) => `"$.k${at}",${at}`).join(',')}))`,
      `select json_length(json_merge_patch(${times(4_000, (at) => `'{"k${at}":${at}}'`).join(',')}))`,
      `select json_length(json_merge_preserve(${times(4_000, (at) => `'{"k${at}":${at}}'`).join(',')}))`,
    ],
  },
  {
    name: 'geometries of thousands of points',
    statements: [
      `set @l = st_geomfromtext('LINESTRING(${times(9_000, (at) => `${at % 37} ${(at * 7) % 101}`).join(',')})')`,
      `set @m = st_geomfromtext('MULTIPOINT(${times(1_100, (at) => `${at} ${(at * 7) % 1_001}`).join(',')})')`,
      'select length(st_buffer(@l, 1))',
      'select length(st_symdifference(@m, st_buffer(@m, 5))), st_frechetdistance(@l, @l)',
      `select length(st_geomfromgeojson(concat('{"type":"MultiPoint","coordinates":[',repeat("[1,2],",50000),"[1,2]]}")))`,
    ],
  },
  {
    name: 'tables copied',
    statements: [
      'create database if not exists bomb',
      'use bomb',
      `create table copied (a int primary key, b varchar(200), c int)`,
      `insert into copied select d0.n+10*d1.n+100*d2.n+1000*d3.n, repeat("b",100), 1 from ${digits(4)}`,
      'alter table copied add column d int default 5, add key (b)',
      'alter table copied drop primary key, add primary key (c, a)',
      'create index i on copied (c, b)',
      `set @x = (select json_arrayagg(a) from copied)`,
      `create table generated (c0 int, ${times(900, (at) => `c${at + 1} int as (c${at}+1)`).join(',')})`,
      'drop table copied, generated',
    ],
  },
  {
    name: 'chains of operators',
    statements: ['+', ' or ', ' and ', ' = ', ' || ', '<=>', '^'].map(
      (between) => `select ${numbers(20_000, between)}`,
    ),
  },
  {
    name: 'many columns',
    statements: [`select ${numbers(1_000)}`, `select ${times(4_000, () => '*').join(',')} from mysql.user`],
  },
  {
    name: 'UNION of thousands',
    statements: [
      `select 1 ${times(8_000, (at) => `union select ${at}`).join(' ')}`,
      `select 1 ${times(8_000, (at) => `union all select ${at}`).join(' ')}`,
      `values ${times(12_000, (at) => `row(${at})`).join(',')}`,
    ],
  },
  {
    name: 'cross joins',
    statements: [
      `select count(*) from ${digits(9)}`,
      `select * from ${digits(5)} order by rand()`,
      `select * from ${digits(4)} order by concat(d0.n,d1.n), d2.n desc, d3.n`,
      `select distinct d0.n, d1.n, d2.n, d3.n, repeat("x",200) from ${digits(4)}`,
      'select count(*) from information_schema.columns a, information_schema.columns b, information_schema.columns c',
      'select * from information_schema.columns a join information_schema.columns b on a.column_name = b.column_name and a.table_name <> b.table_name',
      'select * from mysql.user a, mysql.user b, mysql.user c, mysql.user d, mysql.user e, mysql.user f',
      `select count(*) from information_schema.tables t where exists (select 1 from information_schema.columns c where c.table_name = t.table_name and c.column_name like "%${'_'.repeat(30)}%")`,
      'select (select count(*) from information_schema.columns c where c.column_name > t.table_name) from information_schema.tables t',
      'select * from information_schema.columns order by column_name desc, data_type, table_name',
      'select table_name, group_concat(column_name order by column_name) from information_schema.columns group by table_name with rollup',
      'select * from help_topic_that_is_not, information_schema.columns',
    ],
  },
  {
    name: 'window functions',
    statements: [
      `select sum(d0.n) over (order by d1.n, d2.n rows between unbounded preceding and unbounded following) from ${digits(3)}`,
      `select sum(d0.n) over (order by d1.n*10+d2.n range between 500 preceding and 500 following) from ${digits(4)}`,
      `select first_value(d0.n) over (order by d1.n), last_value(d0.n) over (order by d1.n), nth_value(d0.n,9) over (order by d1.n), ntile(100000) over (order by d2.n) from ${digits(4)}`,
      `select group_concat(d0.n) over (order by d1.n, d2.n, d3.n) from ${digits(4)}`.replace(
        'group_concat(d0.n)',
        'json_arrayagg(d0.n)',
      ),
      `select ${times(60, (at) => `rank() over (partition by d0.n order by d1.n, ${at})`).join(',')} from ${digits(3)}`,
      `select cume_dist() over (order by 1), percent_rank() over (order by d0.n), lag(d0.n,500) over (order by d1.n) from ${digits(4)}`,
    ],
  },
  {
    name: 'recursive common tables',
    statements: [
      'set session cte_max_recursion_depth = 4294967295',
      'with recursive r as (select 1 n union all select n+1 from r) select count(*) from r',
      'with recursive r as (select 1 n union all select n+1 from r where n < 15000) select a.n from r a, r b, r c limit 1000000',
      'with recursive r as (select cast("a" as char(1000000)) s union all select concat(s,s) from r) select length(s) from r',
      'with recursive r as (select 1 n union all select a.n + b.n from r a, (select 1 n union all select 2) b) select * from r',
      'with recursive r as (select 1 a, 1 b union distinct select b, a+b from r) select * from r',
    ],
  },
  {
    name: 'sums of everything',
    statements: [
      `select ${times(200, (at) => `sum(d0.n+${at}), std(d1.n), bit_xor(d2.n)`).join(',')} from ${digits(3)}`,
      `select count(distinct d0.n,d1.n,d2.n,d3.n), avg(distinct d3.n) from ${digits(4)}`,
      `select d0.n,d1.n,d2.n,d3.n,count(*) from ${digits(4)} group by 1,2,3,4 with rollup`,
    ],
  },
];

/** What stays: tables, views, routines, names, locks. */
const KEPT: readonly Bomb[] = [
  {
    name: 'INSERT … SELECT that doubles',
    statements: [
      'create database if not exists bomb',
      'create table bomb.d (id int primary key auto_increment, a varchar(500), b longtext, key (a))',
      'insert into bomb.d (a,b) values (repeat("a",400), repeat("b",400)), (repeat("c",400), "x")',
      ...times(24, () => 'insert into bomb.d (a,b) select a, b from bomb.d'),
      'update bomb.d set b = concat(b,b), a = reverse(a)',
      ...times(20, () => 'update bomb.d set b = concat(b,b)'),
      'select * from bomb.d x, bomb.d y order by x.a desc, y.b',
      'delete from bomb.d where b like "%b%b%b%b%c"',
      'alter table bomb.d add column c text, add key (b(100))',
      'create table bomb.e as select * from bomb.d union all select * from bomb.d',
      'replace into bomb.d select * from bomb.d',
      'truncate bomb.d',
    ],
  },
  {
    name: 'wide tables',
    statements: times(
      70,
      (at) =>
        `create table bomb.w${at} (${times(1_000, (c) => `column_with_a_long_name_${c} varchar(10) default "aaaaaaaaaa" comment "${'x'.repeat(200)}"`).join(',')})`,
    ),
  },
  {
    name: 'many temporary tables',
    statements: times(2_000, (at) => `create temporary table bomb.temporary_${at} (a int, b text, c json)`),
  },
  {
    name: 'rows of a megabyte',
    statements: [
      'create table bomb.m (a longblob)',
      ...times(30, () => 'insert into bomb.m values (repeat("m",1000000))'),
    ],
  },
  {
    name: 'views on views',
    statements: [
      'create view bomb.v0 as select 1 a union all select 2',
      ...times(120, (at) => `create view bomb.v${at + 1} as select x.a from bomb.v${at} x, bomb.v${at} y`),
      'select count(*) from bomb.v60',
      'select count(*) from bomb.v14',
      `create view bomb.long_view as select ${numbers(1_000)} ${times(40, () => `union all select ${numbers(1_000)}`).join(' ')}`,
      'select * from bomb.long_view',
    ],
  },
  {
    name: 'routines that call themselves',
    statements: [
      'set session max_sp_recursion_depth = 255',
      'create procedure bomb.p(n int) begin call bomb.p(n+1); call bomb.p(n+1); end',
      'call bomb.p(1)',
      'create function bomb.f(n int) returns int deterministic return bomb.f(n+1)+bomb.f(n+2)',
      'select bomb.f(1)',
      'create procedure bomb.q() begin declare i bigint default 0; loop set i = i + 1; set @x = concat(ifnull(@x,""),"xxxxxxxxxxxxxxxx"); end loop; end',
      'call bomb.q()',
      'create procedure bomb.s() begin declare i int default 0; while i < 1000000 do select repeat("s",1000); set i = i + 1; end while; end',
      'call bomb.s()',
      `create procedure bomb.deep() ${nested('begin ', 'select 1;', ' end;', 500)}`.replace(/;$/, ''),
      'call bomb.deep()',
      'create procedure bomb.h() begin declare continue handler for sqlexception begin select no_such_column; end; select no_such_column; end',
      'call bomb.h()',
      ...times(200, (at) => `create procedure bomb.r${at}() begin ${'select 1; '.repeat(3_000)} end`),
    ],
  },
  {
    name: 'triggers that set off triggers',
    statements: [
      ...times(12, (at) => `create table bomb.t${at} (a int)`),
      ...times(
        11,
        (at) =>
          `create trigger bomb.g${at} after insert on bomb.t${at} for each row begin insert into bomb.t${at + 1} values (new.a); insert into bomb.t${at + 1} values (new.a); end`,
      ),
      `insert into bomb.t0 values ${times(2_000, (at) => `(${at})`).join(',')}`,
    ],
  },
  {
    name: 'savepoints',
    statements: ['begin', ...times(3_000, (at) => `savepoint a_savepoint_of_some_length_${at}`), 'rollback'],
  },
  { name: 'locks', statements: times(3_000, (at) => `select get_lock("a lock of some length ${at}", 0)`) },
  {
    name: 'prepared statements',
    statements: [
      ...times(400, (at) => `prepare statement_number_${at} from "select ${'1+'.repeat(2_000)}1"`),
      `prepare long_one from "select ${numbers(20_000)}"`,
      'execute long_one',
      'set @s = concat("select ", repeat("1,", 40000), "1")',
      'prepare longer from @s',
      'execute longer',
      'prepare itself from "execute itself"',
    ],
  },
  {
    name: 'settings of a megabyte',
    statements: times(
      60,
      (at) =>
        `set global ${['init_connect', 'init_replica', 'ft_boolean_syntax', 'sql_mode', 'event_scheduler'][at % 5]} = repeat("select 1;",${100_000 + at})`,
    ),
  },
  {
    name: 'accounts and grants',
    statements: [
      ...times(
        300,
        (at) =>
          `create user "user_with_a_long_name_${at}"@"${'h'.repeat(60)}" identified by "${'p'.repeat(200)}" comment "${'c'.repeat(4_000)}"`,
      ),
      ...times(300, (at) => `grant select, insert on database_${at}.* to root`),
    ],
  },
  {
    name: 'files',
    statements: times(120, (at) => `select repeat("f",1000000) into outfile "/var/lib/mysql-files/f${at}"`),
  },
];

/** A comment nobody reads, which a name beside it could keep. */
const BALLAST = `/* ${'c'.repeat(900_000)} */`;

/** Little that is kept of much that was said. */
const PARTS: readonly Bomb[] = [
  {
    name: 'parts of megabytes',
    statements: [
      'create database if not exists parts',
      'create table parts.t (a varchar(100))',
      ...times(250, (at) => `set @part_${at} = substring(repeat("x",1000000),${at + 1},20)`),
      ...times(40, (at) => `insert into parts.t values ("a text of some length ${at}") ${BALLAST}`),
      ...times(40, (at) => `create view parts.view_with_a_long_name_${at} as select ${at} as a_long_name ${BALLAST}`),
      ...times(
        40,
        (at) => `create procedure parts.with_a_long_name_${at}() comment "of some length" begin end ${BALLAST}`,
      ),
      ...times(40, (at) => `create user user_with_a_long_name_${at} identified by "of some length" ${BALLAST}`),
      'begin',
      ...times(40, (at) => `savepoint savepoint_with_a_long_name_${at} ${BALLAST}`),
      'rollback',
      'drop database parts',
    ],
  },
  {
    name: 'changes of megabytes to take back',
    statements: [
      'create database if not exists parts',
      'create table parts.u (a longtext, id int)',
      'insert into parts.u values ("", 1)',
      'begin',
      ...times(60, (at) => `update parts.u set a = repeat("${at % 10}", 900000)`),
      ...times(60, (at) => `insert into parts.u values (repeat("${at % 10}", 900000), 2)`).flatMap((insert) => [
        insert,
        'delete from parts.u where id = 2',
      ]),
      'rollback',
      'drop database parts',
    ],
  },
  {
    name: 'documents, keys and bytes',
    statements: [
      'create database if not exists parts',
      'create table parts.j (a json)',
      ...times(12, () => `insert into parts.j values (concat("[", repeat("1,",250000), "1]"))`),
      ...times(12, () => `insert into parts.j values (concat("[", repeat('{"a":1},',20000), "1]"))`),
      `create table parts.k (${times(30, (at) => `c${at} varchar(100)`).join(',')}, ${times(30, (at) => `unique (c${at}, c${(at + 1) % 30}, c${(at + 2) % 30})`).join(',')})`,
      ...times(
        60,
        (at) => `insert into parts.k values (${times(30, (c) => `"${at} ${c} ${'x'.repeat(80)}"`).join(',')})`,
      ),
      `create table parts.b (${times(40, (at) => `c${at} varbinary(1)`).join(',')})`,
      ...times(
        40,
        () => `insert into parts.b values ${times(100, () => `(${times(40, () => '0x61').join(',')})`).join(',')}`,
      ),
      'drop database parts',
    ],
  },
  {
    name: 'ten thousand rows read and changed',
    statements: [
      'create database if not exists parts',
      'create table parts.r (id int primary key auto_increment, k int, c varchar(120))',
      'insert into parts.r (k,c) values (1,repeat("c",100)),(2,repeat("d",100))',
      ...times(12, () => 'insert into parts.r (k,c) select k + 1, reverse(concat(c, k)) from parts.r limit 2500'),
      'select * from parts.r x order by reverse(c), k desc',
      'select c, count(*), group_concat(k) from parts.r group by c order by 2',
      'select sum(k) over (order by c, id rows 3 preceding) from parts.r',
      'select count(*) from parts.r x, parts.r y where x.k < y.k',
      'update parts.r set c = reverse(c), k = k + 1',
      'delete from parts.r where k % 2',
      'drop database parts',
    ],
  },
];

/** Statements by the hundred thousand in one message. */
const TOGETHER: readonly Bomb[] = [
  {
    name: '100,000 statements at once',
    statements: ['select 1;'.repeat(100_000), 'do 1;'.repeat(100_000), ';'.repeat(100_000)],
  },
  {
    name: 'a megabyte of comments',
    statements: [
      `${'/* */'.repeat(200_000)}select 1`,
      `${'-- \n'.repeat(250_000)}select 1`,
      `select 1 ${'/*!90000 x */'.repeat(70_000)}`,
    ],
  },
  {
    name: 'a megabyte of text',
    statements: [
      `select "${'a'.repeat(MIB - 100)}"`,
      `select "${'\\\\'.repeat(MIB / 2 - 100)}"`,
      `select ${'a'.repeat(MIB - 100)}`,
      `select \`${'`'.repeat(MIB - 101)}\``,
      `select '${"''".repeat(MIB / 2 - 100)}'`,
      `select 0x${'ab'.repeat(MIB / 2 - 100)}`,
    ],
  },
  {
    name: 'three megabytes of text',
    statements: [`select "${'a'.repeat(3 * MIB)}"`, `insert into nowhere.x values ("${'a'.repeat(3 * MIB)}")`],
  },
];

export const BOMBS: readonly Bomb[] = [...DEEP, ...LARGE, ...MANY, ...KEPT, ...PARTS, ...TOGETHER];
