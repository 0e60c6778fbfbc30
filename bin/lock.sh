#!/bin/sh
# Locks the Python packages again: each NAME.in becomes NAME.txt, hashed, with the newest versions that resolve.
set -eu
cd "$(dirname -- "$0")/.."

for name in assets/requirements/hub assets/requirements/hub-oauth assets/requirements/hub-ldap assets/requirements/hub-lti \
  assets/requirements/user assets/requirements/node assets/requirements/uv \
  assets/requirements/caddy assets/requirements/build assets/requirements/conda test/python/requirements test/python/chart; do
  uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.10 \
    --overrides assets/requirements/overrides.txt "$name.in" -o "$name.txt"
done
