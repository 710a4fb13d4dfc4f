import { ExecuteShard } from '../../shared/contracts/messages.ts';
import { onMessage } from '../../shared/runtime/on-message.ts';
import { executeShard } from '../../shared/services/execute-shard.ts';

onMessage('execute-shard', ExecuteShard, executeShard);
