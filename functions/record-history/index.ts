import { RecordHistory } from '../../shared/contracts/messages.ts';
import { onMessage } from '../../shared/runtime/on-message.ts';
import { recordHistory } from '../../shared/services/record-history.ts';

onMessage('record-history', RecordHistory, recordHistory);
