FROM node:24-slim AS build
WORKDIR /fogbank
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json tsconfig.json ./
COPY scripts scripts
COPY src src
COPY protocols protocols
COPY handlers handlers
COPY fixtures fixtures
RUN npm ci && npm prune --omit=dev

FROM node:24-slim
WORKDIR /fogbank
# The bundle has everything but the native module.
COPY --from=build /fogbank/package.json ./
COPY --from=build /fogbank/dist dist
COPY --from=build /fogbank/fixtures fixtures
COPY --from=build /fogbank/node_modules/better-sqlite3 node_modules/better-sqlite3
COPY --from=build /fogbank/node_modules/bindings node_modules/bindings
COPY --from=build /fogbank/node_modules/file-uri-to-path node_modules/file-uri-to-path
RUN mkdir /data && chown node /data
USER node
ENV FOGBANK_HOST=0.0.0.0 FOGBANK_DATA=/data
VOLUME /data
EXPOSE 4566
HEALTHCHECK --interval=5s --timeout=2s --start-period=5s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.FOGBANK_PORT ?? 4566) + '/_fogbank/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/cli.js", "start"]
