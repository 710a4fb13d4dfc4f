import { SweepStaleRuns } from '../../shared/contracts/messages.ts';
import { onMessage } from '../../shared/runtime/on-message.ts';
import { sweepStaleRuns } from '../../shared/services/sweep-stale-runs.ts';

onMessage('sweep-stale-runs', SweepStaleRuns, sweepStaleRuns);
