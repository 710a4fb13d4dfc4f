import { writeFileSync } from 'node:fs';
import { topology } from './topology.ts';

// `npm run topology`
writeFileSync(new URL('topology.json', import.meta.url), JSON.stringify(topology, undefined, 2));
