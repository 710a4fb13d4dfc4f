import { formatTable } from '../../shared/wording/format-table.ts';
import type { Figure } from './bench.ts';
import { median } from './median.ts';

/** A table of medians, each with its range and its aim. */
export function formatFigures(figures: readonly Figure[]): string {
  return formatTable(['', 'MEDIAN', 'RANGE', 'AIM'], figures.map(rowOf));
}

/** Small numbers, of which whole ones would say nothing. */
const decimals: Partial<Record<Figure['unit'], number>> = { ratio: 3, USD: 4 };

function rowOf({ what, values, unit, aim }: Figure): string[] {
  if (values.length === 0) return [what, '', '', ''];
  const suffix = unit === 'operations' || unit === 'ratio' ? '' : ` ${unit}`;
  const show = (value: number) => value.toFixed(decimals[unit] ?? 0);
  const range = `${show(Math.min(...values))} – ${show(Math.max(...values))} (n = ${values.length})`;
  const goal = aim === undefined ? '' : `≤ ${aim}${suffix} ${median(values) <= aim ? 'met' : 'MISSED'}`;
  return [what, `${show(median(values))}${suffix}`, values.length > 1 ? range : 'once', goal];
}
