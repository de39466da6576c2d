import { AwsError } from '../../../src/kit/index.ts';

/** Errors of managed prefix lists; those without a page of their own are as they are met in life. */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const prefixListNotFound = (ids: readonly string[]): AwsError =>
  error('InvalidPrefixListID.NotFound', ids.length === 1 ? `The prefix list ID '${ids[0]}' does not exist` : `The prefix list IDs '${ids.join(', ')}' do not exist`);
export const versionMismatch = (): AwsError => error('PrefixListVersionMismatch', 'The prefix list has the incorrect version number.');
export const maxEntriesExceeded = (): AwsError => error('PrefixListMaxEntriesExceeded', "You've reached the maximum number of entries for the prefix list.");
export const invalidModification = (message: string): AwsError => error('InvalidPrefixListModification', message);
export const prefixListState = (id: string, state: string): AwsError => error('IncorrectState', `The request cannot be completed while the prefix list (${id}) is in the current state (${state})`);
