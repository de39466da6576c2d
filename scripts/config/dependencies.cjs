/** Who may import whom: https://github.com/sverweij/dependency-cruiser. The reasons are in design terms: dependencies point one way. */
module.exports = {
  forbidden: [
    { name: 'protocols-import-libraries-only', severity: 'error', from: { path: '^protocols/' }, to: { path: '^(src|handlers|tests|scripts)/' } },
    { name: 'the-machine-knows-no-service', severity: 'error', from: { path: '^src/', pathNot: '^src/main\\.ts$' }, to: { path: '^handlers/' } },
    { name: 'handlers-use-the-kit-alone', severity: 'error', from: { path: '^handlers/' }, to: { path: '^src/', pathNot: '^src/(kit/index|iam/index)\\.ts$' } },
    { name: 'no-service-imports-another', severity: 'error', from: { path: '^handlers/([^/]+)/' }, to: { path: '^handlers/', pathNot: '^handlers/$1/' } },
    { name: 'the-sdk-is-for-types-and-tests', severity: 'error', from: { path: '^(src|handlers|protocols)/' }, to: { path: '@aws-sdk', dependencyTypesNot: ['type-only'] } },
    { name: 'nothing-imports-tests-or-scripts', severity: 'error', from: { path: '^(src|handlers|protocols|fixtures)/' }, to: { path: '^(tests|scripts)/' } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] } },
};
