import { formatTable } from '../../shared/cli/format/table.ts';
import type { Figure } from './bench.ts';
import { median } from './median.ts';

/** A table of medians, each with its range and its aim. */
export function formatFigures(figures: readonly Figure[]): string {
  return formatTable(['', 'MEDIAN', 'RANGE', 'AIM'], figures.map(rowOf));
}

function rowOf({ what, values, unit, aim }: Figure): string[] {
  const suffix = unit === 'operations' ? '' : ` ${unit}`;
  const rounded = values.map(Math.round);
  const goal = aim === undefined ? '' : `≤ ${aim}${suffix} ${median(values) <= aim ? 'met' : 'MISSED'}`;
  return [
    what,
    `${Math.round(median(values))}${suffix}`,
    values.length > 1 ? `${Math.min(...rounded)} – ${Math.max(...rounded)} (n = ${values.length})` : 'once',
    goal,
  ];
}
