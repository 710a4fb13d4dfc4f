import type { RunId } from '../../../shared/domain/ids.ts';
import type { StoryGithub } from './story-github.ts';

/** The loop, in one of its forms, with a person who uses it. */
export interface Guardian extends AsyncDisposable {
  /** In a sentence. Undefined: there is nothing to say. */
  readonly introduction: string | undefined;
  /** Has the revision that serves verified. Resolves when it is recorded as good, or is not. */
  apply(): Promise<void>;
  /** The newest build's message arrives. Resolves when all that it leads to is done. @returns when it arrived */
  hear(): Promise<Date>;
  /** Shows every run. */
  list(): Promise<void>;
  /** What was recorded of a run, as JSON. */
  read(runId: RunId): Promise<string>;
  /** A command for a person to go on with, which works after the end too, and what it shows. */
  next(): NextStep;
}

export interface NextStep {
  readonly command: string;
  readonly shows: string;
}

export interface GuardianOptions {
  /** The folder of the project, where commands run. */
  readonly root: string;
  /** Below `root`. */
  readonly config: string;
  /** Where files may be left. */
  readonly folder: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** The folder in which a person called the story, and will paste its next step. */
  readonly caller: string;
  /** GitHub on this machine; undefined: nothing is told to any. */
  readonly github?: StoryGithub | undefined;
}
