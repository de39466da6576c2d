import type { AwsError, Structure } from '../../protocols/types.ts';

/** Of operations, the paths of members of their inputs: 'Monitoring.MetricCategoryIds'. Lists count as their elements. */
export type ParameterPaths = Readonly<Record<string, readonly string[]>>;

/** What may be given and changes nothing, with the reason: operation, path of the member, reason. */
export type Effectless = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is refused, because nothing here could come of it yet, and the error of that. */
export interface RefusedParameters {
  readonly error: (message: string) => AwsError;
  readonly paths: ParameterPaths;
}

/** Throws for the first parameter that is refused. What is false or empty asks for nothing. */
export function refuseParameters(refused: RefusedParameters | undefined, operation: string, input: Structure): void {
  for (const path of refused?.paths[operation] ?? []) if (isGiven(input, path.split('.'))) throw refused!.error(`The parameter ${path} is not supported by Fogbank yet.`);
}

function isGiven(value: unknown, [member, ...rest]: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((one) => isGiven(one, member === undefined ? [] : [member, ...rest]));
  if (member === undefined) return value !== undefined && value !== null && value !== false && value !== '';
  return typeof value === 'object' && value !== null && isGiven((value as Structure)[member], rest);
}
