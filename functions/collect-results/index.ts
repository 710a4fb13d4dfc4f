import { serveJobs } from '../../shared/runtime/jobs/serve-jobs.ts';
import { collectResults } from '../../shared/services/collect-results.ts';

await serveJobs(collectResults);
