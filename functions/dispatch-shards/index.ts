import { DispatchShards } from '../../shared/contracts/messages.ts';
import { onMessage } from '../../shared/runtime/on-message.ts';
import { dispatchShards } from '../../shared/services/dispatch-shards.ts';

onMessage('dispatch-shards', DispatchShards, dispatchShards);
