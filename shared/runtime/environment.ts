/** The one place that reads the process's environment; everything else gets it as an argument. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
