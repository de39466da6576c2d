import { AwsError } from '../../../src/kit/index.ts';
import { notFound } from '../errors.ts';

/** Errors of managed prefix lists; those without a page of their own are as they are met in life. */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const prefixListNotFound = notFound('InvalidPrefixListID.NotFound', 'prefix list ID');
/** DescribePrefixLists' spelling of the code: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/find.go */
// assumed: with the same text.
export const awsPrefixListNotFound = notFound('InvalidPrefixListId.NotFound', 'prefix list ID');
export const versionMismatch = (): AwsError => error('PrefixListVersionMismatch', 'The prefix list has the incorrect version number.');
export const maxEntriesExceeded = (): AwsError => error('PrefixListMaxEntriesExceeded', "You've reached the maximum number of entries for the prefix list.");
export const invalidModification = (message: string): AwsError => error('InvalidPrefixListModification', message);
export const prefixListState = (id: string, state: string): AwsError => error('IncorrectState', `The request cannot be completed while the prefix list (${id}) is in the current state (${state})`);
