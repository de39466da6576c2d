import type { Settings } from '../settings.ts';

export const environmentLines = (endpoint: string, region: string): string =>
  `export AWS_ENDPOINT_URL=${endpoint}\nexport AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=${region}\n`;

/** What `start` prints: the endpoint, and lines to copy. */
export const greeting = (endpoint: string, settings: Settings): string => `
Fogbank answers at ${endpoint}  (account ${settings.account}, state in ${settings.data})

${environmentLines(endpoint, settings.region)}aws ec2 describe-vpcs

provider "aws" {
  region                      = "${settings.region}"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}   # with AWS_ENDPOINT_URL=${endpoint}

`;
