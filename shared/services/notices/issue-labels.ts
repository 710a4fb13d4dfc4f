import { hashOf } from '../../domain/ids.ts';

const prefix = 'deploy-loop:';
/** GitHub takes no more. */
const maxLength = 50;

/** The label by which the issues of a service are found again, whatever else a repository holds. */
export function serviceLabel(name: string): string {
  const label = `${prefix}${name}`;
  return label.length <= maxLength ? label : `${prefix}${hashOf(name)}`;
}
