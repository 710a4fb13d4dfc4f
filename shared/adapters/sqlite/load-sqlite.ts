type Sqlite = typeof import('node:sqlite');

const experimental = /^SQLite is an experimental feature/;

/** SQLite as it is built into Node, without the warning of Node 22 that it is experimental; every other warning is shown. */
export async function loadSqlite(): Promise<Sqlite> {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!experimental.test(String(warning))) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
