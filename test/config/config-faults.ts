import { ConfigError } from '../../shared/config/config-error.ts';
import { parseConfig } from '../../shared/config/parse-config.ts';

/** The lines that a person sees; empty when the text is accepted. */
export function faultLines(text: string): readonly string[] {
  try {
    parseConfig(text, 'f.yaml');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}
