import type { z } from 'zod';
import { ScanDocument } from '../../shared/contracts/output/audits-output.ts';
import {
  AppliedDocument,
  ConfigDocument,
  ControlDocument,
  IndexDocument,
  ManualDocument,
  PlanDocument,
  RerunPreviewDocument,
  ResultsDocument,
  TestsDocument,
} from '../../shared/contracts/output/command-output.ts';
import { DiagnosedDocument } from '../../shared/contracts/output/diagnosis-output.ts';
import { ErrorDocument } from '../../shared/contracts/output/error-output.ts';
import {
  NoticeEventDocument,
  NoticesDocument,
  NotifyTestDocument,
  RetriedDocument,
} from '../../shared/contracts/output/notice-output.ts';
import { RunDocument, RunsDocument, ValidatedDocument } from '../../shared/contracts/output/run-output.ts';
import { ChangesDocument, ServicesDocument } from '../../shared/contracts/output/service-output.ts';

/** The schema of each document, by the heading of its example in docs/json.md. */
export const documents: Readonly<Record<string, z.ZodType>> = {
  errors: ErrorDocument,
  'webhook event': NoticeEventDocument,
  'guard, rerun': ValidatedDocument,
  'rerun --dry-run': RerunPreviewDocument,
  runs: RunsDocument,
  show: RunDocument,
  services: ServicesDocument,
  changes: ChangesDocument,
  diagnose: DiagnosedDocument,
  notices: NoticesDocument,
  'notices retry': RetriedDocument,
  'notify test': NotifyTestDocument,
  audit: ScanDocument,
  tests: TestsDocument,
  apply: AppliedDocument,
  'rollback, promote, pin, unpin': ManualDocument,
  'freeze, unfreeze, pause, resume, abort': ControlDocument,
  validate: ConfigDocument,
  results: ResultsDocument,
  plan: PlanDocument,
  'import-index': IndexDocument,
};
