import type { Command, Option } from 'commander';
import { whyOption } from './audit-options.ts';

/** The first line of a command's help, with the options that it cannot do without. */
export function describeUsage(command: Command): string {
  const names: string[] = [];
  for (let named: Command | null = command; named; named = named.parent) names.unshift(named.name());
  const needed = command.options.filter(isNeeded).map((option) => option.flags);
  return [...names, ...needed, command.usage()].join(' ');
}

function isNeeded(option: Option): boolean {
  return option.mandatory || option === whyOption;
}
