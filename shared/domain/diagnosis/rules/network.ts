import type { Rule } from '../rule.ts';
import { unreachable } from './unreachable.ts';

const external = 'dependency-unavailable/external-api';
const service = 'dependency-unavailable/service';
const vendors = `(?:openai|anthropic|claude|gemini|vertex(?: ?ai)?|mistral|cohere|stripe|paypal|twilio|sendgrid|mailgun|slack|github|auth0|okta|firebase|supabase|algolia|sentry|datadog|shopify|salesforce|hubspot|telegram|discord|external|third[- ]party|vendor|provider|llm|upstream (?:api|provider))`;

/** What the service needs and cannot reach. */
export const networkRules: readonly Rule[] = [
  {
    name: 'vpc',
    layer: 'cause',
    means: 'dependency-unavailable/vpc',
    weight: 86,
    pattern: String.raw`(?i)(?:VPC[_ -]?(?:access|connector|network|egress|peering)[\w ]{0,20}|serverless vpc access|\bconnector\b)\S*.{0,80}?(?:not found|does not exist|failed|error\b|unhealthy|not ready|unreachable|misconfigured|timed? ?out|missing|saturat\w*|throughput|overload\w*|deleted|exhausted|lacks?|no route)|VPC_NETWORK_NOT_FOUND|/connectors/\S+ .{0,40}(?:not|ERROR)|(?:cloud )?NAT\b.{0,60}(?:port|exhaust|missing|drop|not configured)|(?:subnet|private ip|firewall)\b.{0,60}(?:exhaust|block|not reachable|unreachable|no available|out of|deny|denied|cannot|missing)|no (?:cloud )?nat\b|(?:insufficient|not enough|no) (?:free |available )+IP addresses|direct vpc egress.{0,60}(?:fail|delay|not)`,
    says: 'the way into the VPC does not work: $0',
    source: 'cloud.google.com/vpc/docs/serverless-vpc-access',
  },
  {
    name: 'dns',
    layer: 'cause',
    means: 'dependency-unavailable/dns',
    weight: 86,
    pattern: String.raw`(?i)getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ?(\S*)|\bEAI_AGAIN\b|\bENOTFOUND\b|Name or service not known|Temporary failure in name resolution|no such host|NameResolutionError|UnknownHostException|Could not resolve host|could not translate host name|nodename nor servname|socket\.gaierror|name does not resolve|failed to resolve (?:host|name|'|")|getaddrinfo failed|DNS (?:resolution|lookup|query|name) .{0,30}(?:fail|error|timed out)|NXDOMAIN|SERVFAIL|No address associated with hostname|host not found in upstream|ERR_NAME_NOT_RESOLVED|dns error`,
    says: 'a host name could not be resolved: $0',
    source: 'getaddrinfo(3)',
  },
  {
    name: 'tls',
    layer: 'cause',
    means: 'dependency-unavailable/tls',
    weight: 86,
    pattern: String.raw`(?i)CERTIFICATE_VERIFY_FAILED|certificate (?:has expired|verify failed|is not yet valid|signed by unknown|is not trusted|not trusted)|self[- ]signed certificate|\bx509: |\bSSL(?:Handshake|CertVerification)(?:Error|Exception)|\btls: (?:handshake|bad|failed|first record|unrecognized)|unable to (?:get local issuer|verify the first) certificate|PKIX path building failed|ERR_TLS_CERT_ALTNAME_INVALID|match certificate.s altnames|SSL routines|wrong version number|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|DEPTH_ZERO_SELF_SIGNED|CERT_HAS_EXPIRED|ERR_CERT_\w+|ERR_SSL_\w+|SSLV3_ALERT|ssl handshake fail|(?:server|client) does not support SSL|sslmode|SSL (?:connection )?(?:is )?required|TLS handshake (?:error|timeout|failed)|certificate (?:provisioning|renewal) .{0,30}(?:fail|pending)`,
    says: 'a TLS connection failed: $0',
    source: 'OpenSSL, crypto/tls, JSSE',
  },
  {
    name: 'nginx-upstream-time',
    layer: 'cause',
    means: 'request-timeout',
    weight: 82,
    pattern: String.raw`(?i)upstream timed out \(110`,
    says: 'the server behind the proxy took too long',
    source: 'nginx ngx_http_upstream.c',
  },
  {
    name: 'auth-service',
    layer: 'cause',
    means: service,
    weight: 70,
    pattern: String.raw`(?i)(?:auth(?:entication)?|user|payment|billing|upstream|backend|downstream|internal|agent|\w+)[ _-](?:service|server|backend|api)\b.{0,60}?(?:${unreachable}|returned 5\d\d|health check failed)`,
    says: 'another service did not answer: $0',
    source: 'applications',
  },
  {
    name: 'circuit-breaker',
    layer: 'cause',
    means: service,
    weight: 66,
    pattern: String.raw`(?i)circuit[ _-]?breaker.{0,40}(?:open|tripped)|no healthy upstream|14 UNAVAILABLE|code = Unavailable|StatusCode\.UNAVAILABLE|connect\(\) failed \(\d+: |(?:service|server) .{0,40}returned (?:50[234]|HTTP 50[234])`,
    says: 'another service did not answer: $0',
    source: 'gRPC, Envoy, nginx',
  },
  {
    name: 'signing-keys',
    layer: 'cause',
    means: external,
    weight: 74,
    pattern: String.raw`(?i)(?:error|failed|unable|could not).{0,30}(?:fetch|retriev|load|get|download|refresh)\w*.{0,30}(?:jwks?|openid|metadata|discovery|certs\b|public keys?)`,
    says: 'an endpoint outside the service could not be read: $0',
    source: 'OpenID clients',
  },
  {
    name: 'external-api',
    layer: 'cause',
    means: external,
    weight: 76,
    pattern: String.raw`(?i)\b${vendors}\b.{0,80}?(?:APIConnectionError|APITimeoutError|APIStatusError|InternalServerError|overloaded|\b5[0-5]\d\b|outage|${unreachable})|overloaded_error|model is (?:currently )?overloaded|(?:anthropic|openai)\.(?:APIConnection|APITimeout|InternalServer)\w*`,
    says: 'a service outside the project did not answer: $0',
    source: 'client libraries',
  },
  {
    name: 'external-host',
    layer: 'cause',
    means: external,
    weight: 74,
    pattern: String.raw`(?i)(?:host=['"]|https?://|connect to (?:host )?|lookup |to )(?:[\w-]+\.)*(?:[a-z][\w-]*\.(?:com|io|ai|org|net|dev|co))\b.{0,100}?(?:${unreachable}|Max retries exceeded|ConnectTimeout|\b50[234]\b)|(?:${unreachable}|Max retries exceeded|\b50[234]\b).{0,60}?https?://(?:[\w-]+\.)*(?:[a-z][\w-]*\.(?:com|io|ai|org|net|co))\b`,
    says: 'a host outside the project did not answer: $0',
    source: 'client libraries',
  },
  {
    name: 'network',
    layer: 'cause',
    means: service,
    weight: 59,
    isVague: true,
    pattern: String.raw`(?i)\bECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|Network is unreachable|No route to host|Connection refused|connect(?:ion)? timed out|dial tcp \S+ .{0,40}(?:i/o timeout|refused)|Max retries exceeded with url|ConnectTimeout|ConnectException|context deadline exceeded|i/o timeout|socket hang up|\bECONNRESET|Connection ?reset|RemoteDisconnected|All connection attempts failed|fetch failed|Connect call failed|Remote end closed connection|broken pipe|\bEPIPE\b|read timed out|ERR_CONNECTION_\w+|net::ERR_\w+|Connection aborted`,
    says: 'a connection from the service to something else failed: $0',
    source: 'connect(2), client libraries',
  },
];
