import { DecideStage } from '../../shared/contracts/messages.ts';
import { onMessage } from '../../shared/runtime/on-message.ts';
import { decideStage } from '../../shared/services/decide-stage.ts';

onMessage('decide-stage', DecideStage, decideStage);
