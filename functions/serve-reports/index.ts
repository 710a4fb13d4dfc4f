import { onRequest } from '../../shared/runtime/on-request.ts';
import { answerRequest } from './answer-request.ts';

onRequest('serve-reports', answerRequest);
