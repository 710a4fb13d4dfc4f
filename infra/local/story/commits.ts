import type { StoryGithub } from './story-github.ts';

/** The sample service as developers commit it, so that a diagnosis finds in the commit what the log says. */
export interface StoryCommits {
  readonly good: string;
  readonly broken: string;
  readonly fix: string;
  readonly regression: string;
}

/** Makes all commits of the story. @returns their ids */
export function makeCommits(github: StoryGithub): StoryCommits {
  const good = github.commit('Shop v1', { 'main.py': program('v1', '    '), 'cart.py': 'RATE = 0.19\n' });
  const broken = github.commit('Answer the health check in one line', { 'main.py': program('v2', '') });
  const fix = github.commit('Indent the body of the health check', { 'main.py': program('v3', '    ') });
  const regression = github.commit('Taxes by country', { 'cart.py': "RATES = {'DE': 0.19}\n" });
  return { good, broken, fix, regression };
}

/** Lines 13 and 14 are those of the traceback that the broken revision prints. */
function program(version: string, indent: string): string {
  return `from flask import Flask, jsonify

import cart

app = Flask(__name__)

@app.get("/")
def shop():
    return "${version}"


@app.get("/health")
def health():
${indent}return jsonify(status="healthy")
`;
}
