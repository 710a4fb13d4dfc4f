import { BeginValidation } from '../../shared/contracts/messages.ts';
import { readBeginValidation } from '../../shared/contracts/read-begin-validation.ts';
import { onMessage } from '../../shared/runtime/on-message.ts';
import { beginValidation } from '../../shared/services/begin-validation.ts';

onMessage('begin-validation', BeginValidation, beginValidation, readBeginValidation);
