import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

/** A task that is not there is told as one whose id is malformed. assumed: the words. */
export const noImportTask = (ids: readonly string[]): AwsError => error('InvalidConversionTaskId.Malformed', `The conversion task ID '${ids.join(', ')}' is malformed`);
// assumed: the words of these two.
export const noExportTask = (ids: readonly string[]): AwsError => error('InvalidExportTaskID.NotFound', `The export task ID '${ids.join(', ')}' cannot be found`);
export const malformedExportTask = (id: string): AwsError => error('InvalidExportTaskID.Malformed', `The export task ID '${id}' is malformed`);
/** https://docs.aws.amazon.com/vm-import/latest/userguide/vmimport-troubleshooting.html */
export const noServiceRole = (name: string): AwsError => error('InvalidParameter', `The service role ${name} provided does not exist or does not have sufficient permissions`);
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const notExportable = (message: string): AwsError => error('NotExportable', message);
// assumed: code and words of a task that is over, or going already.
export const notActive = (id: string, state: string): AwsError => error('IncorrectState', `The task '${id}' is in the '${state}' state and cannot be canceled.`);
