import { enableCompileCache, flushCompileCache } from 'node:module';

// Loaded before a function. Its start is mostly the compilation of what it loads: half of it is saved when another process
// has done it. Node keeps it when a process exits, and these are killed: so it is kept as soon as all is loaded.
enableCompileCache();
setTimeout(flushCompileCache, 1_500).unref();
