import { onPush } from '../../shared/runtime/on-push.ts';
import { recordDeadLetter } from '../../shared/services/record-dead-letter.ts';

onPush('record-dead-letter', recordDeadLetter);
