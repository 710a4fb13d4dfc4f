/** `EPERM` is what macOS says of a group that has ended and was not waited for yet. */
const gone: readonly unknown[] = ['ESRCH', 'EPERM'];

/** Signals a whole process group; says whether any of it was there. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    if (gone.includes(codeOf(error))) return false;
    throw error;
  }
}

/** By shape, not by class: an error of Node's own may come from another realm. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
