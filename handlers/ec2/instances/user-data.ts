import * as errors from '../errors.ts';

/** "User data is limited to 16 KB, in raw form, before it is base64-encoded." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
const BYTES_MAX = 16 * 1024;
const tooLong = (text: string): boolean => Buffer.byteLength(text, 'base64') > BYTES_MAX;

/** Of an instance: https://github.com/deckhouse/deckhouse/issues/5949 */
export function checkUserData(text: string | undefined): void {
  if (text === undefined) return;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw errors.invalidParameterValue('Invalid BASE64 encoding of user data.');
  if (tooLong(text)) throw errors.invalidParameterValue(`User data is limited to ${BYTES_MAX} bytes`);
}

/** Of a launch template, which has a code of its own: https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3700 */
export function checkTemplateUserData(text: string | undefined): void {
  if (text === undefined) return;
  if (!/^[A-Za-z0-9+/=\s]*$/.test(text)) throw errors.invalidTemplateUserData('Invalid BASE64 encoding of user data.');
  if (tooLong(text)) throw errors.invalidTemplateUserData(`User data is limited to ${BYTES_MAX} bytes.`);
}
