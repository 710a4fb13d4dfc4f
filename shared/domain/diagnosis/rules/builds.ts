import { platformOnly, type Rule } from '../rule.ts';

const failure = 'build-failure';

/** Images that were never made. */
export const buildRules: readonly Rule[] = [
  {
    name: 'build-failed',
    layer: 'cause',
    means: failure,
    weight: 86,
    pattern: String.raw`(?i)(?:cloud )?build (?:step )?.{0,40}(?:failed|failure|unsuccessful)\b|failed to (?:solve|build|compute cache key|parse Dockerfile)|dockerfile parse error|BUILD FAILURE|BUILD FAILED|npm ERR! code ELIFECYCLE|docker build .{0,40}failed|returned a non-zero code|build step \d+ .{0,80}failed|did not complete successfully: exit code|failed to detect|No buildpack groups passed|executor failed running|(?:COPY|ADD) failed|error building image|kaniko.{0,40}error|source code could not be built`,
    says: 'the build failed: $0',
    from: platformOnly,
    source: 'Cloud Build, Docker, BuildKit, buildpacks',
  },
  {
    name: 'packages-unresolved',
    layer: 'cause',
    means: failure,
    weight: 84,
    pattern: String.raw`ERESOLVE|npm ERR! code (?:E\w+)|npm error code (?:E\w+)|ERR_PNPM_\w+|No matching distribution found|Could not find a version that satisfies|ResolutionImpossible|Failed building wheel|metadata-generation-failed|subprocess-exited-with-error|npm ci.{0,60}can only install|lock ?file .{0,40}(?:out of date|not up to date|needs to be updated|frozen)|go: .{0,80}(?:unknown revision|missing go\.sum entry|requires go)|Could not resolve dependencies|Unable to locate package|E: Package .{0,60} has no installation candidate|The engine "node" is incompatible|Unsupported engine|Your Ruby version is`,
    says: 'the packages could not be installed: $0',
    source: 'npm, pnpm, pip, go, Maven, apt, Bundler',
  },
  {
    name: 'not-compiled',
    layer: 'cause',
    means: failure,
    weight: 84,
    pattern: String.raw`error TS\d{3,5}|Module not found: (?:Error: )?Can't resolve|Failed to compile|error\[E\d{4}\]|could not compile \x60|error CS\d{4}|cannot find symbol|\[ERROR\] COMPILATION ERROR|\.go:\d+:\d+: (?:undefined|cannot use|syntax error|declared and not used|imported and not used)|Type error: .{0,120}not assignable|rollup failed to resolve|\[vite\]: Rollup failed|Build optimization failed|Error occurred prerendering page`,
    says: 'the code was not compiled: $0',
    source: 'tsc, webpack, Next.js, rustc, Roslyn, javac, go build',
  },
  {
    name: 'build-symptom',
    layer: 'noticed',
    means: failure,
    weight: 58,
    pattern: String.raw`(?i)^(?:build|docker|image build)\w*: .{0,60}(?:fail|error|exit)`,
    says: 'the build failed',
    from: ['symptom'],
    source: 'what was noticed',
  },
];
