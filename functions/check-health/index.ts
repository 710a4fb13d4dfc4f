import { CheckHealth } from '../../shared/contracts/messages.ts';
import { onMessage } from '../../shared/runtime/on-message.ts';
import { checkHealth } from '../../shared/services/check-health.ts';

onMessage('check-health', CheckHealth, checkHealth);
