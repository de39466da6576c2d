import { AwsError } from '../../src/kit/index.ts';

/** https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/CommonErrors.html and each operation's page; the texts are not documented there. */
export const noSuchResource = (message: string): AwsError => new AwsError('NoSuchResourceException', message, 400);
export const illegalArgument = (message: string): AwsError => new AwsError('IllegalArgumentException', message, 400);
export const resourceAlreadyExists = (message: string): AwsError => new AwsError('ResourceAlreadyExistsException', message, 400);
export const dependencyAccessDenied = (message: string): AwsError => new AwsError('DependencyAccessDeniedException', message, 400);
export const invalidState = (message: string): AwsError => new AwsError('InvalidResourceStateException', message, 400);
export const invalidPaginationToken = (): AwsError => new AwsError('InvalidPaginationTokenException', 'Invalid token was used.', 400);
export const templateNotInUse = (): AwsError => new AwsError('ServiceQuotaTemplateNotInUseException', 'The quota request template is not associated with your organization.', 400);
export const templatesNotInRegion = (): AwsError => new AwsError('TemplatesNotAvailableInRegionException', 'The Service Quotas template is not available in this AWS Region.', 400);
export const tagPolicyViolation = (message: string): AwsError => new AwsError('TagPolicyViolationException', message, 400);
export const tooManyTags = (): AwsError => new AwsError('TooManyTagsException', "You've exceeded the number of tags allowed for a resource.", 400);
