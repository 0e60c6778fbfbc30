#!/bin/sh
# Makes the environment of the tests (the hub's own locked packages and pytest) and runs them.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
cache=${JHUB_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/jhub-test}
python=$(command -v python3)
tool=$cache/uv
environment=$cache/python

mkdir -p "$cache"
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
  uv=uv
else
  uv=$tool/bin/uv
  [ -x "$uv" ] || "$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    --target "$tool" -r "$root/assets/requirements/uv.txt"
fi
[ -x "$environment/bin/python" ] || "$uv" venv --quiet --no-project --python "$python" "$environment"
"$uv" pip install --quiet --require-hashes --no-deps --python "$environment/bin/python" \
  -r "$root/assets/requirements/hub.txt" -r "$here/requirements.txt"

cd "$root"
"$environment/bin/ruff" check --no-cache assets test/python
"$environment/bin/mypy" --no-incremental --strict --ignore-missing-imports --allow-subclassing-any --allow-untyped-decorators --no-warn-return-any --no-warn-unused-ignores --cache-dir=/dev/null assets/hub/*.py assets/vm/jhub_*.py assets/k8s/jhub_*.py
exec "$environment/bin/python" -B -m pytest -q -p no:cacheprovider test/python "$@"
