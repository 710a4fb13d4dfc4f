import type { EvidenceSource } from '../evidence.ts';
import type { Rule } from '../rule.ts';

const people: readonly EvidenceSource[] = ['report', 'symptom'];

/** What a person says who has looked: nothing in a log is worded so. */
function told(name: string, means: Rule['means'], weight: number, words: string, says: string): Rule {
  return {
    name: `told-${name}`,
    layer: 'cause',
    means,
    weight,
    isVague: true,
    pattern: `(?i)${words}`,
    says: `somebody reports ${says}: $0`,
    from: people,
    source: "operators' words",
  };
}

/** Categories as people describe them. */
export const reportRules: readonly Rule[] = [
  told(
    'fake-test',
    'fake-test',
    82,
    String.raw`(?:could|can|would|will) ?(?:never|not) fail|can.t fail|pass(?:es|ed|ing)? (?:anyway|regardless|vacuously|trivially|even (?:if|though|when|without))|(?:both|all|every) branch\w* .{0,30}pass|vacuous\w*|tautolog\w*|never (?:observ|exercis|reach|touch|assert|inspect|verif)\w*|(?:patch|mock|stub)(?:es|ed|s)? .{0,80}(?:so|own|itself|returns?|instead)|test.s own|(?:report|count|mark)\w* as (?:a )?pass|green (?:without|although|while|but)|asserts? (?:nothing|on its own|only that)|hides? (?:the )?(?:failure|error)s?`,
    'tests that cannot fail',
  ),
  told(
    'old-version',
    'fix-not-deployed',
    76,
    String.raw`(?:revision|version|build)s? .{0,80}(?:not|never) (?:get|got|gets|receiv\w+|serv\w+|t[oa]ok\w*) (?:any )?traffic|behaviou?r (?:is |was )?unchanged|(?:old|older|previous|stale|prior|last good) (?:\w+ )?(?:revision|commit|image|build|code|bundle|artifact|container|deployment|sha)\b|still .{0,40}(?:old|previous|earlier) |\bat 100 ?% (?:of )?(?:the )?traffic|traffic .{0,40}(?:not|never|did ?n.t|stays?|stayed|remain\w*|pinned|stuck)|(?:new|latest) (?:revision|version|image|build) .{0,60}(?:not|never|no|without|0 ?%) ?(?:\w+ )?(?:traffic|serving|served|deployed|rolled)|deploy\w* .{0,60}(?:silently|no-op|did nothing|had no effect|not picked up|unchanged)|(?:fix|change|commit|pr|patch) .{0,60}(?:was ?n.t|not|never) .{0,20}(?:deployed|included|released|live|rolled)|(?:latest|main|head) .{0,40}(?:not|never|n.t) (?:been )?deployed|forgot\w* to (?:deploy|push|rebuild|redeploy)`,
    'that users get an old version',
  ),
  told(
    'version-skew',
    'version-mismatch',
    78,
    String.raw`(?:old|older|newer|previous|stale|outdated|ancient) (?:\w+[ -])?(?:server|client|backend|frontend|agent|worker|sdk|protocol|wire|api|peer|sidecar|package|library)\b|(?:server|client|backend|frontend|worker|sdk) (?:build|version|release|bundle|image)?s? ?.{0,40}(?:older|newer|behind|ahead|out of sync|lag\w*)|wire (?:shape|format|protocol)|(?:client|frontend)s? .{0,60}(?:server|backend) .{0,40}(?:version|mismatch|skew|incompatib\w*|disagree)|incompatib\w+ (?:with|change|version|between)|(?:api|protocol|schema|contract) (?:version )?(?:mismatch|skew|drift|changed between)|version (?:drift|conflict|gap)|peer dependency|(?:pinned|locked|upgraded|bumped|downgraded) (?:to |from )?.{0,30}\d+\.\d+`,
    'different versions of what belongs together',
  ),
  told(
    'drift',
    'config-drift',
    70,
    String.raw`(?:set|setting|sets|defaults?|defaulting|configured|pointed|points|pointing|hard-?coded|changed|switched|flipped) (?:\w+ ){0,4}(?:to|at|as) (?:[\x60'"]|\d|\$)|without [\x60'"]?--[\w-]+|misconfigur\w*|(?:staging|production|prod) (?:has|had|uses?|used|lacks?|differs?)|(?:flag|setting|option|annotation|parameter) (?:is|was) (?:not set|unset|off|disabled|missing|wrong)|(?:wrong|different|mismatched|inconsistent) (?:value|setting|config\w*|project|region|bucket|domain|url|host|port|account)\b|x-forwarded-proto|proxy[- ]headers|terminates? tls`,
    'a setting',
  ),
  told(
    'vpc',
    'dependency-unavailable/vpc',
    80,
    String.raw`(?:all[-_]traffic|vpc[- ](?:egress|connector|access|network|peering)|cloud nat\b|private google access|serverless vpc|private (?:ip|service connect)|direct vpc|static (?:outbound|egress) ip|allow-?list\w* .{0,30}\bip\b|\bSYNs?\b.{0,30}(?:drop|lost|unanswered)\w*|firewall .{0,40}(?:drop|block|den[iy]|admit)\w*)`,
    'the way into or out of the VPC',
  ),
  told(
    'time',
    'request-timeout',
    60,
    String.raw`(?:time-?outs?|deadline|keep-?alive|idle)\b.{0,60}\d+ ?(?:s\b|m\b|ms\b|sec|min)|(?:after|exactly|every|at) (?:about |exactly |~)?\d+ ?(?:s|sec\w*|min\w*)\b.{0,60}(?:abort|cut|fail|drop|end|50[0-9]|kill|timeout)|(?:backend|server|request|response)[\w ]{0,20} time-?out\b|takes? (?:too long|longer than|more than) |long[- ]running`,
    'a limit of time',
  ),
  told(
    'scaling',
    'no-available-instance/scaling',
    68,
    String.raw`cold[- ]?start\w*|min[-_ ]?instances?|max[-_ ]?instances?|scale[sd]?[- ]to[- ]zero|instances? .{0,40}(?:sleep|asleep|idle|wak|warm|cold|spun|spin)\w*|(?:wak|warm)(?:e|es|ing|ed)? ?up|concurrency (?:limit|setting|of)|autoscal\w+|not enough (?:instances|capacity)|traffic (?:spike|burst)|burst(?:s|y)? of`,
    'too few instances',
  ),
  told(
    'memory',
    'out-of-memory',
    70,
    String.raw`out[- ]of[- ]memory|\boom\b|memory (?:limit|usage|leak|spike|pressure|use)|ran out of (?:memory|ram)|(?:256|512) ?mi?b?\b.{0,30}(?:too|not enough|small|limit)`,
    'a lack of memory',
  ),
  told(
    'platform',
    'platform-incident',
    78,
    String.raw`(?:google|gcp|cloud run|platform|provider|region\w*|upstream) .{0,40}(?:incident|outage|degrad\w+|regression|disruption)|(?:incident|outage) (?:report|on|at|in|of) |statuspage|regions? (?:are|is) (?:currently )?(?:unreachable|unavailable)|started (?:failing|happening) (?:for|on|across) (?:all|every|many)|no changes? (?:on our side|were made|to our)|rolled? back by google|support (?:ticket|case) .{0,60}(?:confirm|google)|other (?:users|people|customers) (?:report|see|have)`,
    'a fault of the platform',
  ),
  told(
    'missing-setting',
    'missing-env-or-secret',
    74,
    String.raw`(?:never|not|n.t) (?:been )?(?:provisioned|injected|mounted|passed|exported|populated|propagated)|unresolved .{0,40}(?:secret|binding|variable|setting)s?|(?:env(?:ironment)?(?: var\w*)?|secret|variable|credential|key|token)s? .{0,60}(?:missing|unresolved|does not resolve|absent|unset|empty|never|not (?:set|present|there|available|defined|configured|bound)|forgot\w*)|(?:missing|unset|empty|absent|forgot\w*) .{0,40}(?:env(?:ironment)?|secret|variable|credential|api key|token)\b|without (?:the |an? )?(?:\w+ )?(?:env(?:ironment)?|secret|variable|credential|api key)`,
    'a missing setting',
  ),
  told(
    'right',
    'permission-denied/IAM',
    74,
    String.raw`\biam\b|service account .{0,60}(?:lack|missing|needs?|without|no |not )|(?:missing|lack\w*|grant\w*|needs?|add\w*) .{0,40}(?:roles?/|\brole\b|permission|invoker|accessor)|allow[- ]unauthenticated|\binvoker\b|secret ?manager (?:secret )?accessor|secretAccessor|cloud sql client|service account user|artifact registry reader`,
    'a missing right',
  ),
  told(
    'authentication',
    'auth-failure',
    70,
    String.raw`(?:log|sign)[- ]?(?:in|on|ins)\b.{0,40}(?:refus|fail|broken|reject|den|loop|error|impossible|does not|doesn.t|not work)\w*|(?:token|jwt|cookie|session|signature|csrf|oauth|oidc|api key)s?\b.{0,60}(?:refus|fail|reject|invalid|expire|mismatch|differ|different|wrong|not accept|verif)\w*|(?:sign|verif)\w* with (?:a )?(?:different|another|wrong)|redirect_uri|clock skew|(?:401|403)\b.{0,40}(?:every|all|always|for)`,
    'refused callers',
  ),
  told(
    'schema',
    'database-schema-mismatch',
    78,
    String.raw`migrations?\b.{0,60}(?:not|never|n.t|fail|miss|forgot|pend|order|before|after|skip)\w*|(?:column|table|index|constraint|enum)s?\b.{0,60}(?:not exist|n.t exist|missing|absent|renamed|dropped|removed|added|never)|schema (?:drift|mismatch|change|out of|behind)|alembic|prisma (?:migrate|db push)|without running (?:the )?migrations?`,
    'a schema that differs',
  ),
  told(
    'database',
    'dependency-unavailable/db',
    70,
    String.raw`(?:database|postgres\w*|mysql|mongo\w*|cloud ?sql|\bdb\b|connection pool|pgbouncer)\b.{0,60}(?:down|stopped|unreachable|exhaust|saturat|leak|slow|restart|maintenance|failover|unavailable|refus|overload|limit|paus)\w*|(?:connection|pool)s? .{0,30}(?:exhaust|leak|saturat|starv)\w*`,
    'a database that does not answer',
  ),
  told(
    'behaviour',
    'app-logic-regression',
    62,
    String.raw`(?:updat|upgrad|bump)\w* .{0,80}(?:start(?:ed|s) (?:getting|seeing|fail|to)|began|broke|no longer)\w*|since .{0,60}(?:#\d+|refactor|split|rename|rewrit|upgrad|deploy|release|merg|chang)\w*|(?:applied|called|added|sent|run|counted) twice|(?:became|becomes|returns?|returned|yields?|gets?|shows?) .{0,40}(?:instead of|null|nothing|empty|wrong|twice)|no longer (?:returns?|accepts?|works?|sends?|calls?|handles?)|(?:broke|broken|regressed) (?:by|in|since|with)|introduced (?:by|in|with)`,
    'a change of behaviour',
  ),
  told(
    'external',
    'dependency-unavailable/external-api',
    76,
    String.raw`(?:third[- ]party|vendor|provider|external|upstream|api\.[\w.-]+|openai|anthropic|stripe|github|slack|twilio)\b.{0,60}(?:degrad|down\b|outage|slow|unavailab|5\d\d|incident|overload|maintenance)\w*|their (?:status page|side|api|end)`,
    'a service outside the project that does not answer',
  ),
  told(
    'collection',
    'test-collection-error',
    80,
    String.raw`tests? .{0,40}(?:not|never|n.t|cannot|can.t|fail\w* to) (?:be )?(?:collect|load|import|discover|found|start|ran|run)\w*|(?:collection|discovery|import) (?:error|fail)\w*|(?:marker|testMatch|glob|pattern)\w* .{0,60}(?:match|select)\w* (?:no|nothing|zero|0)`,
    'tests that were not loaded',
  ),
  told(
    'test-code',
    'test-code-error',
    70,
    String.raw`tests? .{0,60}(?:wrong|bug|race|racy|flak|order|isolation|leak|stale|outdated|hard-?cod|assum|expect|not updated|updat|brittle|selector|fixture|typo)\w*|(?:selector|locator|fixture|assertion|mock)s? .{0,40}(?:wrong|stale|outdated|broken|changed|missing|match)`,
    'a fault of the tests',
  ),
  told(
    'test-environment',
    'test-environment-misconfigured',
    70,
    String.raw`(?:run|ci|pipeline|tests?|job) .{0,40}\bus(?:ed|es|ing) (?:the )?(?:old|stale|wrong|expired) (?:credential|secret|key|token|url|host)\w*|(?:ci|runner|workflow|github actions|test (?:env\w*|run|job)|pipeline) .{0,60}(?:no |not |n.t|lacks?|missing|without|wrong|different|unset|empty)|tests? .{0,40}(?:against|pointed at|target\w*) .{0,40}(?:wrong|localhost|production|prod|old|undefined)`,
    'tests that were set up for something else',
  ),
  told(
    'processor',
    'container-startup-failure/exec-format-error',
    78,
    String.raw`apple silicon|\bM[1-4] (?:mac(?:book)?|chip|pro|max)\b|(?:built|build|image)\b.{0,40}\b(?:arm64|aarch64|arm mac)`,
    'an image for another processor',
  ),
  told(
    'name-resolution',
    'dependency-unavailable/dns',
    78,
    String.raw`name resolution|\bdns\b.{0,60}(?:fail|stop|down|terminat|miss|wrong|stale|resolv|evict|unschedul)\w*`,
    'names that are not resolved',
  ),
  told(
    'image-lacks',
    'container-startup-failure/missing-module',
    66,
    String.raw`(?:docker ?file|image|container) .{0,60}(?:to install|lacks?|does ?n.t (?:have|contain|include)|without (?:the )?(?:package|module|binary))\b`,
    'something that is not in the image',
  ),
  told(
    'line-ends',
    'line-ending-corruption',
    86,
    String.raw`shebang .{0,60}\\r|(?:bash|sh|python3?|node|env)\\r|autocrlf|dos2unix|eol=lf|carriage returns?|checked out on windows`,
    'Windows line ends',
  ),
  told(
    'port',
    'port-not-listening/startup-timeout',
    76,
    String.raw`(?:listen|bind|bound|serv|start)\w* (?:\w+ )?(?:on|to) (?:https?://)?(?:localhost|127\.|loopback|\[?::1)|(?:listen|bind|bound|serv)\w* (?:on|to) (?:the )?(?:wrong|another|different|fixed|hard-?coded|localhost|127|loopback|any port|no port)|(?:not|n.t|never|nothing) .{0,20}listen\w*|no (?:http )?(?:port|server)\b|\$?PORT\b.{0,60}(?:ignor|not (?:used|read|honou?red|respected)|hard-?cod|override)\w*|(?:ignor|hard-?cod)\w* .{0,40}\bport\b|(?:start-?up|boot) .{0,40}(?:too (?:slow|long)|takes?|took|slow|exceed)\w*|(?:health ?check|probe)s? .{0,40}(?:too (?:short|early|aggressive)|before|timeout)`,
    'a port that nobody listens on in time',
  ),
  told(
    'quota',
    'quota/rate-limit',
    74,
    String.raw`quota\b|rate[- ]?limit\w*|throttl\w*|too many requests`,
    'a quota or a limit of calls',
  ),
];
