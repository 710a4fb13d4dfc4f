import { onHop } from '../../shared/runtime/on-hop.ts';

await onHop('notify');
