import { exception, type Rule } from '../rule.ts';

/**
 * What the name of an exception's class tells, whoever defined it. A message with a known meaning on the same line says more,
 * so all of these are vague.
 */
function family(name: string, means: Rule['means'], weight: number, words: string, says: string): Rule {
  const pattern = String.raw`\b((?:[A-Za-z_]\w*(?:\.|::|\\))*\w*(?:${words})\w*(?:Error|Exception|Failure|Fault|Timeout|Refused|Denied|Closed|Unavailable|Exhausted|Exceeded|Requests|Forbidden|Unauthorized|Unauthenticated))\b(.*)`;
  return {
    name: `class-${name}`,
    layer: 'cause',
    means,
    weight,
    isVague: true,
    pattern,
    says: `${says}: $1$2`,
    source: 'names of exception classes',
  };
}

/** Exceptions by what their classes are called. */
export const exceptionFamilyRules: readonly Rule[] = [
  family(
    'connection',
    'dependency-unavailable/service',
    60,
    'Connect|Connection|Connector|Socket|Network|Unreachable|UnknownHost|Transport|RemoteProtocol|RemoteDisconnected|ServiceUnavailable|Unavailable|BadGateway|HttpRequest|Fetch',
    'a connection to something else failed',
  ),
  family(
    'time',
    'dependency-unavailable/service',
    60,
    'Read|Connect|Request|Deadline|Gateway|Operation|Timeout',
    'something took too long',
  ),
  family(
    'authentication',
    'auth-failure',
    61,
    'Authentication|Authenti|AuthError|Auth|Token|Jwt|JW[A-Z]|JWS|JOSE|Unauthorized|Unauthenticated|Login|InvalidSignature|InvalidAudience|InvalidIssuer|Refresh',
    'a caller or a key was not accepted',
  ),
  family(
    'permission',
    'permission-denied/IAM',
    61,
    'PermissionDenied|Forbidden|AccessDenied|NotAuthorized|InsufficientPermission',
    'an account lacks a permission',
  ),
  family(
    'settings',
    'missing-env-or-secret',
    62,
    'Config|Configuration|Settings?|Environment|EnvVar|MissingEnv|ImproperlyConfigured|MissingCredential|NoCredential|Credentials?|UndefinedValue|MissingSecret',
    'the settings are not complete',
  ),
  family(
    'quota',
    'quota/rate-limit',
    66,
    'RateLimit|Quota|ResourceExhausted|TooManyRequests|Throttl',
    'calls were limited',
  ),
  family(
    'database',
    'dependency-unavailable/db',
    62,
    'Operational|Interface|DatabaseConnection|DBConnection|ConnectionPool|PoolInit|PoolTimeout|ServerSelection|MongoNetwork|MongoServer|CannotConnectNow|TooManyConnections|PrismaClientInitialization|PrismaClientRust|SequelizeConnection|KnexTimeout|ConnectionDoesNotExist|JDBCConnection|CannotCreateTransaction|CannotGetJdbcConnection|ConnectionNotEstablished',
    'the database did not answer',
  ),
  family(
    'schema',
    'database-schema-mismatch',
    70,
    'UndefinedTable|UndefinedColumn|UndefinedObject|NoSuchTable|NoSuchColumn|Migration|SchemaManagement|PendingMigration|MissingTable|UnknownColumn|SchemaValidation',
    'the database has another schema than the code expects',
  ),
  family(
    'tls',
    'dependency-unavailable/tls',
    64,
    'SSL|Ssl|Tls|TLS|Certificate|CertVerif|SSLHandshake|SSLCert',
    'a TLS connection failed',
  ),
  family('memory', 'out-of-memory', 80, 'OutOfMemory|Memory|NoMemory|Heap', 'the runtime had no memory left'),
  family(
    'syntax',
    'container-startup-failure/syntax-error',
    62,
    'Syntax|Indentation|Tab|Compile|Compilation|Parse',
    'code could not be parsed',
  ),
  family(
    'import',
    'container-startup-failure/missing-module',
    62,
    'Import|ModuleNotFound|ClassNotFound|NoClassDef|NoSuchMethod|LoadError|GemNotFound|UnsatisfiedLink|FileLoad|TypeLoad|DllNotFound|UnsupportedClassVersion',
    'a part of the program is not in the image',
  ),
  family(
    'web-driver',
    'test-code-error',
    70,
    'NoSuchElement|StaleElement|ElementNot|ElementClick|ElementHandle|TestingLibraryElement|Fixture|Cypress',
    'the test itself is at fault',
  ),
  family(
    'browser',
    'test-environment-misconfigured',
    72,
    'SessionNotCreated|WebDriver|BrowserLaunch|DockerException|ContainerLaunch|Testcontainers',
    'the tests lack what they run on',
  ),
  family(
    'validation',
    exception,
    58,
    'Validation|Serialization|Decode|Encode|Value|Key|Lookup|Index|Argument|Format|Conversion',
    'data have another shape than the code expects',
  ),
];
