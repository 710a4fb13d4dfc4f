import { changedTexts } from '../scm/changed-lines.ts';
import type { ChangedFile } from '../scm/commit-comparison.ts';

const manifests =
  /(?:^|\/)(?:requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile(?:\.lock)?|poetry\.lock|uv\.lock|package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|go\.(?:mod|sum)|Gemfile(?:\.lock)?|pom\.xml|build\.gradle(?:\.kts)?|composer\.(?:json|lock)|Cargo\.(?:toml|lock)|[\w.-]+\.csproj|packages\.lock\.json)$/;

/** True of a list of dependencies, or of their locked versions. */
export function isManifest(path: string): boolean {
  return manifests.test(path);
}

/** Where a version of the interpreter or of the base image stands. */
const versions: readonly { readonly file: RegExp; readonly line: RegExp }[] = [
  {
    file: /(?:^|\/)(?:Dockerfile|Containerfile)(?:\.\w+)?$/,
    line: /^\s*FROM\s+(?:--platform=\S+\s+)?(\S+)/i,
  },
  { file: /(?:^|\/)(?:\.python-version|\.node-version|\.nvmrc|\.ruby-version)$/, line: /^\s*(\S+)/ },
  { file: /(?:^|\/)runtime\.txt$/, line: /^\s*(\S+)/ },
  { file: /(?:^|\/)\.tool-versions$/, line: /^\s*(\S+\s+\S+)/ },
  { file: /(?:^|\/)package\.json$/, line: /^\s*"(?:node|npm|packageManager)":\s*"([^"]+)"/ },
  { file: /(?:^|\/)pyproject\.toml$/, line: /^\s*(requires-python\s*=\s*.+)/ },
  { file: /(?:^|\/)go\.mod$/, line: /^((?:go|toolchain) \S+)/ },
];
const buildFiles =
  /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.\w+)?|cloudbuild\.ya?ml|Procfile|project\.toml|docker-compose\.ya?ml|\.dockerignore|\.gcloudignore|\.gitattributes)$/;

/** What a changed file may mean for every start; undefined: nothing. */
export function describeNotable(file: ChangedFile): string | undefined {
  const { path, status, additions, deletions } = file;
  const version = versionChange(file);
  if (version !== undefined) return version;
  if (!isManifest(path) && !buildFiles.test(path)) return undefined;
  return `${path} (${status}, +${additions} -${deletions})`;
}

function versionChange({ path, patch = '' }: ChangedFile): string | undefined {
  const line = versions.find(({ file }) => file.test(path))?.line;
  if (!line) return undefined;
  const { removed, added } = changedTexts(patch);
  const [before, after] = [removed, added].map((texts) =>
    texts.map((text) => line.exec(text)?.[1]).find((one) => one !== undefined),
  );
  if (before === after || before === undefined || after === undefined) return undefined;
  return `${path}: ${before} is now ${after}`;
}
