import { X509Certificate } from 'node:crypto';
import { isoTime } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** X.509 certificates in PEM, as signing certificates and server certificates want them. */

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Exactly one certificate. */
export function readCertificate(pem: string): X509Certificate {
  try {
    if (pem.match(PEM_CERTIFICATE)?.length !== 1) throw new Error('not one certificate in PEM');
    return new X509Certificate(pem);
  } catch {
    throw errors.malformedCertificate('Unable to parse certificate. Please ensure the certificate is in PEM format.');
  }
}

export const expirationOf = (certificate: X509Certificate): string => isoTime(Date.parse(certificate.validTo));

/** What is wrong with the time; undefined where the certificate is valid now. */
export function untimely(certificate: X509Certificate, nowMs: number): string | undefined {
  // assumed: the text for a certificate of the future.
  if (Date.parse(certificate.validFrom) > nowMs) return 'Certificate is not valid yet. The \'Not Before\' date restriction on the certificate has not passed.';
  if (Date.parse(certificate.validTo) < nowMs) return 'Certificate is no longer valid. The \'Not After\' date restriction on the certificate has passed.';
  return undefined;
}

/** Each certificate is signed by the one that follows it. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html */
export function checkChain(certificate: X509Certificate, chain: string): void {
  const invalid = (index: number) =>
    errors.malformedCertificate(`Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${index}`);
  const links = chain.match(PEM_CERTIFICATE) ?? [];
  if (links.length === 0) throw invalid(-1);
  let signed = certificate;
  links.forEach((pem, index) => {
    let issuer: X509Certificate;
    try {
      issuer = new X509Certificate(pem);
    } catch {
      throw invalid(index);
    }
    if (!signed.checkIssued(issuer) || !signed.verify(issuer.publicKey)) throw invalid(index - 1);
    signed = issuer;
  });
}
