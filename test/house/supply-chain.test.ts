import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const Versions = z.record(z.string(), z.string()).default({});
const PackageSchema = z.object({
  engines: z.object({ node: z.string() }).default({ node: '' }),
  scripts: Versions,
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});
const EntrySchema = z.object({
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
});
const LockSchema = z.object({ packages: z.record(z.string(), EntrySchema) });

const manifests = ['package.json', ...globSync('{functions,infra}/**/package.json', { cwd: root })].filter(
  (file) => !file.includes('node_modules'),
);
const main = PackageSchema.parse(JSON.parse(read('package.json')));
const lock = LockSchema.parse(JSON.parse(read('package-lock.json')));
/** What comes from outside; the others are folders of this repository. */
const downloaded = Object.entries(lock.packages).filter(
  ([path, { link }]) => !link && /(^|\/)node_modules\//.test(path),
);

/** Of one step of a build. */
const StepsSchema = z.object({ steps: z.array(z.object({ name: z.string() })) });
const exactImage = /(:\d+\.\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})$/;

/** Whole files, and what the documentation shows. */
function buildsIn(file: string): readonly unknown[] {
  const texts = file.endsWith('.md')
    ? [...read(file).matchAll(/```ya?ml\n(.*?)```/gs)].map(([, text = '']) => text)
    : [read(file)];
  return texts.map((text) => parseDocument(text).toJS() as unknown);
}

describe('what is installed', () => {
  it('is pinned with its content', () => {
    expect(downloaded.length).toBeGreaterThan(100);
    expect(downloaded.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''))).toEqual(
      [],
    );
  });

  it("comes from the registry that npm is set to, and from no address of the lock file's own", () => {
    expect(downloaded.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(read('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });

  it('links only folders of this repository', () => {
    const links = Object.values(lock.packages).filter(({ link }) => link);
    expect(links.map(({ resolved }) => resolved)).toEqual(['infra/node']);
  });

  it.each(manifests)('is asked for by exact versions in %s', (file) => {
    const manifest = PackageSchema.parse(JSON.parse(read(file)));
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    const loose = Object.entries(all).filter(
      ([, version]) => !/^(\d+\.\d+\.\d+|file:infra\/node)$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('runs no script', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    const withScript = downloaded
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.split('node_modules/').at(-1));
    expect(Object.keys(main.allowScripts).toSorted()).toEqual([...new Set(withScript)].toSorted());
    expect(Object.values(main.allowScripts)).not.toContain(true);
    const own = manifests.flatMap((file) => Object.keys(PackageSchema.parse(JSON.parse(read(file))).scripts));
    expect(own.filter((name) => /^(pre|post)|^(install|prepare)$/.test(name))).toEqual([]);
  });

  it('brings the Node.js of the scripts as a package, of one version for every platform', () => {
    const { version, optionalDependencies } = z
      .object({ version: z.string(), optionalDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('infra/node/package.json')));
    expect(new Set(Object.values(optionalDependencies))).toEqual(new Set([version]));
    const locked = downloaded.map(([path]) => path);
    for (const name of Object.keys(optionalDependencies)) expect(locked).toContain(`node_modules/${name}`);
  });
});

describe('the oldest Node.js', () => {
  it('has the syntax and the globals of everything that runs as it is written', () => {
    expect(main.engines.node).toBe('>=22.18');
    const sources = globSync('{shared,functions,infra}/**/*.ts', { cwd: root }).filter(
      (file) => !file.includes('node_modules'),
    );
    const newer =
      /\busing \w+ =|\b(Async)?DisposableStack\b|\b(Promise\.try|RegExp\.escape|Error\.isError|fromBase64)\b/;
    expect(sources.filter((file) => newer.test(read(file).replaceAll(/`await using`/g, '')))).toEqual([]);
  });
});

describe('the images of Cloud Build', () => {
  const files = ['cloudbuild.yaml', 'README.md', ...globSync('docs/**/*.md', { cwd: root })];
  const images = files.flatMap((file) =>
    buildsIn(file).flatMap((build) => {
      const parsed = StepsSchema.safeParse(build);
      return parsed.success ? parsed.data.steps.map(({ name }) => `${file}: ${name}`) : [];
    }),
  );

  it('have an exact version or a digest', () => {
    expect(images).toContainEqual(expect.stringMatching(/^cloudbuild\.yaml: /));
    expect(images.filter((image) => !exactImage.test(image))).toEqual([]);
  });

  it('have the Node.js of the scripts', () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('infra/node/package.json')));
    expect(images).toContain(`cloudbuild.yaml: node:${version}`);
  });
});
