import { onJobRequest } from '../../shared/runtime/on-job-request.ts';
import { collectResults } from '../../shared/services/collect-results.ts';

onJobRequest('collect-results', collectResults);
