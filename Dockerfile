# OCPP Compote in a container. It listens on all addresses of the container, so it asks for access tokens:
# see compose.yaml, and `compote token` for how to make one.
FROM node:22-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
COPY web web
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-slim
WORKDIR /app
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json LICENSE NOTICE ./
RUN chmod +x dist/cli/main.js && ln -s /app/dist/cli/main.js /usr/local/bin/compote && mkdir /data && chown node /data
USER node
ENV COMPOTE_HOST=0.0.0.0 COMPOTE_DATA=/data
VOLUME /data
EXPOSE 3000 8000 8001 8002 8003 8004
CMD ["node", "dist/cli/main.js", "up"]
