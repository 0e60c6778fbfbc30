#!/bin/sh
# Runs the tests of the hub's Python with the packages that the vm engine installs, and those of the files that a cluster uses
# too with the packages of the chart. Kernels are those of people's packages. Makes the three environments first.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
cache=${JHUB_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/jhub-test}
python=$(command -v python3)
tool=$cache/uv

mkdir -p "$cache"
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
  uv=uv
else
  uv=$tool/bin/uv
  [ -x "$uv" ] || "$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    --target "$tool" -r "$root/assets/requirements/uv.txt"
fi

install() { # ENVIRONMENT LOCK...
  environment=$1
  shift
  [ -x "$environment/bin/python" ] || "$uv" venv --quiet --no-project --python "$python" "$environment"
  "$uv" pip sync --quiet --require-hashes --python "$environment/bin/python" "$@"
}

cd "$root"
hub=$cache/python
chart=$cache/python-chart
people=$cache/python-people
install "$hub" assets/requirements/hub-oauth.txt assets/requirements/hub-ldap.txt assets/requirements/hub-lti.txt assets/requirements/conda.txt test/python/requirements.txt
install "$chart" test/python/chart.txt
install "$people" assets/requirements/user.txt

"$hub/bin/ruff" check --no-cache assets test/python
"$hub/bin/mypy" --no-incremental --strict --ignore-missing-imports --allow-subclassing-any --allow-untyped-decorators --no-warn-return-any --no-warn-unused-ignores --cache-dir=/dev/null assets/hub/*.py assets/vm/jhub_*.py assets/k8s/jhub_*.py assets/files/jhub_*.py assets/images/jhub_*.py
JHUB_TEST_PEOPLE=$people "$hub/bin/python" -B -m pytest -q -p no:cacheprovider test/python --ignore=test/python/test_kubernetes.py --ignore=test/python/test_common.py \
  --ignore=test/python/test_pod_watch.py --ignore=test/python/test_pod_events.py "$@"
exec "$chart/bin/python" -B -m pytest -q -p no:cacheprovider test/python/test_authenticator.py test/python/test_limits.py test/python/test_kubernetes.py test/python/test_common.py test/python/test_pod_watch.py test/python/test_pod_events.py \
  test/python/test_sign_in.py test/python/test_github.py test/python/test_lti.py test/python/test_rehearsal.py "$@"
