import type { Rule } from '../rule.ts';
import { unreachable } from './unreachable.ts';

const db = 'dependency-unavailable/db';
const redis = 'dependency-unavailable/redis';
const schema = 'database-schema-mismatch';
const names = String.raw`(?:databases?|postgres\w*|pgsql|mysql\w*|mariadb|mongo\w*|clickhouse|sqlalchemy|psycopg\w*|asyncpg|npgsql|pgx|knex|sequelize|prisma|hikari\w*|jdbc|firestore|datastore|spanner|bigtable|sql ?server|mssql|elasticsearch|opensearch|neo4j|cassandra|cockroach\w*|alloydb|db)`;

/** Databases and caches that the service cannot reach, or finds in another shape. */
export const databaseRules: readonly Rule[] = [
  {
    name: 'schema',
    layer: 'cause',
    means: schema,
    weight: 90,
    pattern: String.raw`(?i)\b(?:relation|table|column|type|schema|index|function|collection|view|sequence|enum)s? ['"\x60\[]?[\w.$()]+['"\x60\]]?(?: of relation \S+)? (?:does not|doesn.t|do not) exist|no such (?:table|column)|Unknown column|Table '\S+' doesn.t exist|Invalid (?:object|column) name|has no column named|undefined ?(?:table|column)\b|missing (?:\w+ ){0,3}(?:table|column)s?\b|missing columns:|(?:table|view) (?:or \w+ )?not found|UNKNOWN_TABLE|UNKNOWN_IDENTIFIER|invalid input value for enum|Data truncated for column|value too long for type|ORA-00942|ORA-00904|InvalidColumnReference|no unique or exclusion constraint matching|column ['"\x60\w.]+ (?:is )?of type \w+ but`,
    says: 'the database has another schema than the code expects: $0',
    source: 'PostgreSQL, MySQL, SQLite, SQL Server, ClickHouse, Oracle',
  },
  {
    name: 'migration',
    layer: 'cause',
    means: schema,
    weight: 79,
    pattern: String.raw`(?i)migrations? .{0,40}(?:pending|not (?:been )?(?:applied|run)|failed|missing|unapplied|mismatch|never ran)|(?:pending|unapplied|missing|forgot\w*) (?:the )?(?:\w+ )?migrations?|Can't locate revision|Multiple head revisions|multiple heads|P20(?:21|22)\b|violates (?:not-null|check|foreign key) constraint|FlywayException|FlywayValidate|liquibase.{0,40}exception|relation ['"\x60]?\w+['"\x60]? already exists|column ['"\x60]?[\w.]+['"\x60]? (?:of relation \S+ )?already exists|Duplicate column name|requires an index|migrate deploy|dirty database version|InconsistentMigrationHistory|schema (?:version|drift|mismatch|is out of (?:date|sync))|(?:not|n't|never) migrated`,
    says: 'the migrations and the code do not agree: $0',
    source: 'Alembic, Django, Prisma, Flyway, golang-migrate, Firestore',
  },
  {
    name: 'local-file-database',
    layer: 'cause',
    means: 'config-drift',
    weight: 54,
    pattern: '(?i)unable to open database file|attempt to write a readonly database',
    says: 'the database is a file, which a container does not keep: $0',
    source: 'SQLite',
  },
  {
    name: 'db-driver',
    layer: 'cause',
    means: db,
    weight: 82,
    pattern: String.raw`(?i)Can.t (?:connect to|reach)(?: \w+)? ?(?:MySQL |database |PostgreSQL |local MySQL )?server|could not connect to (?:the )?(?:server|database|any servers in your MongoDB)|Communications link failure|MongoNetwork\w*Error|Mongo\w*ServerSelection\w*|ServerSelectionTimeoutError|SequelizeConnection\w*|SequelizeHostNotFound\w*|\bP100[0-3]\b|\bP1017\b|Hikari\w*.{0,60}(?:not available|initiali)|connection to server (?:at|on)|server closed the connection unexpectedly|connection was closed in the middle|ConnectionDoesNotExistError|MySQL server has gone away|Lost connection to MySQL|terminating connection due to|the database system is (?:starting up|shutting down|in recovery)|SSL SYSCALL error|Is the server running (?:on|locally)|ConnectionNotEstablished|CannotConnectNow|connection terminated (?:unexpectedly|due to)|Connection is not available, request timed out`,
    says: 'the database did not answer: $0',
    source: 'database drivers',
  },
  {
    name: 'db-pool',
    layer: 'cause',
    means: db,
    weight: 80,
    pattern: String.raw`(?i)too many (?:clients|(?:database )?connections|db connections)|Exceeded maximum of \d+ connections|remaining connection slots|QueuePool limit|connection pool (?:exhausted|timeout|is full)|pool .{0,30}(?:exhausted|probably full)|timeout (?:exceeded when trying to connect|acquiring a connection)|timed out fetching a new connection|Max client connections|SQLSTATE\[08|AcquireTimeout|deadlock detected|Lock wait timeout|could not obtain lock|too many connections for role`,
    says: 'no connection to the database was free: $0',
    source: 'PostgreSQL, MySQL, SQLAlchemy, Knex, Prisma',
  },
  {
    name: 'cloud-sql',
    layer: 'cause',
    means: db,
    weight: 81,
    pattern: String.raw`(?i)failed to connect to instance|connection name = |Dial error|cloud ?sql.{0,80}${unreachable}|/cloudsql/\S*.{0,80}(?:no such file|refused|failed|timed out)|(?:ENOENT|ECONNREFUSED|no such file).{0,20}/cloudsql/|cloudsql.{0,20}(?:proxy|connector).{0,60}(?:error|failed)|couldn.t connect to "?\S+:\S+:\S+"?: |ensure that the account has access to|Cloud SQL (?:Admin API|instance).{0,60}(?:does not exist|not found|not running|stopped)`,
    says: 'the Cloud SQL instance could not be reached: $0',
    source: 'Cloud SQL Auth Proxy and connectors',
  },
  {
    name: 'db-unreachable',
    layer: 'cause',
    means: db,
    weight: 76,
    pattern: String.raw`(?i)\b${names}\b.{0,60}?${unreachable}|${unreachable}.{0,60}?(?:\b${names}\b|:(?:5432|3306|27017)\b)`,
    says: 'the database did not answer: $0',
    source: 'applications',
  },
  {
    name: 'db-port',
    layer: 'cause',
    means: db,
    weight: 74,
    pattern: String.raw`(?i)(?:ECONNREFUSED|ETIMEDOUT|refused|timed? ?out|timeout|dial tcp|unreachable|connect).{0,80}[: ](?:5432|3306|3307|27017|1433|9000|8123|9440|1521|9200)\b|:(?:5432|3306|27017|1433)\b.{0,60}${unreachable}`,
    says: 'the database did not answer: $0',
    source: 'connect(2)',
  },
  {
    name: 'db-password',
    layer: 'cause',
    means: 'auth-failure',
    weight: 84,
    pattern: String.raw`(?i)password authentication failed|Access denied for user|bad auth\b|no pg_hba\.conf entry|role "?\w+"? does not exist|login failed for user|SASL authentication failed|(?:mongo|sql|postgres)\w*.{0,40}authentication failed|authentication failed.{0,20}mongo`,
    says: 'the database refused the credentials: $0',
    source: 'PostgreSQL, MySQL, MongoDB, SQL Server',
  },
  {
    name: 'db-rights',
    layer: 'cause',
    means: 'permission-denied/IAM',
    weight: 80,
    pattern: String.raw`(?i)permission denied for (?:table|relation|schema|sequence|database|function)|must be owner of|command denied to user|cloudsql\.instances\.\w+`,
    says: 'the account of the database lacks a right: $0',
    source: 'PostgreSQL, MySQL, Cloud SQL',
  },
  {
    name: 'db-absent',
    layer: 'cause',
    means: 'config-drift',
    weight: 62,
    pattern: String.raw`(?i)database "[^"]+" does not exist|Unknown database|wrong (?:database|db|project|bucket|region|environment|host|endpoint|url)\b|(?:staging|production|prod|dev) .{0,40}(?:points?|pointed|pointing|connect\w*) (?:to|at) .{0,20}(?:staging|production|prod|dev|localhost)`,
    says: 'the service is set up for something else: $0',
    source: 'PostgreSQL, MySQL, operators',
  },
  {
    name: 'redis',
    layer: 'cause',
    means: redis,
    weight: 83,
    pattern: String.raw`(?i)redis[\w.:]*(?:Connection|Timeout|BusyLoading|CannotConnect|ClusterDown)\w*|\b(?:redis|memorystore|ioredis|valkey|lettuce|jedis)\b.{0,100}?(?:${unreachable}|socket closed|not possible to connect)|${unreachable}.{0,60}?(?:\bredis\b|memorystore|:6379\b)|:6379\b.{0,60}${unreachable}|error connecting to redis|redis.{0,40}max number of clients|ERR max number of clients|NOAUTH Authentication required|MaxRetriesPerRequestError|MISCONF Redis|JedisConnectionException|CLUSTERDOWN|\[ioredis\] Unhandled error|(?:celery|kombu|amqp|rabbitmq|kafka)\b.{0,60}${unreachable}`,
    says: 'Redis did not answer: $0',
    source: 'redis-py, ioredis, Lettuce, Jedis',
  },
];
