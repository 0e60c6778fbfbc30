#!/bin/bash
# A hub on this machine by the documented commands, as a good operator types them: the same locked packages by uv, the same
# proxy, JupyterHub's own spawner and authenticator, until the login page answers.
#   PORT=… ROOT=checkout NODE=node by-hand-process.sh up|down DIRECTORY
set -euo pipefail
directory=$2
cd "$directory"
case $1 in
up)
  for name in hub user; do
    uv venv --quiet "$name"
    uv pip install --quiet --require-hashes --no-deps --compile-bytecode --python "$name/bin/python" -r "$ROOT/assets/requirements/$name.txt"
  done
  cat > jupyterhub_config.py <<END
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:$PORT"
c.JupyterHub.hub_port = $((PORT + 1))
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:$((PORT + 2))"
c.ConfigurableHTTPProxy.command = ["$NODE", "$ROOT/node_modules/configurable-http-proxy/bin/configurable-http-proxy"]
c.JupyterHub.authenticator_class = "native"
c.NativeAuthenticator.admin_users = {"admin"}
c.JupyterHub.spawner_class = "simple"
c.Spawner.cmd = ["$directory/user/bin/jupyterhub-singleuser"]
END
  setsid hub/bin/jupyterhub > hub.log 2>&1 < /dev/null &
  echo $! > hub.pid
  for _ in $(seq 1200); do
    ! curl -fsS -o /dev/null "http://127.0.0.1:$PORT/hub/login" 2>/dev/null || exit 0
    sleep 0.05
  done
  tail -20 hub.log >&2
  exit 1
  ;;
down)
  kill -- "-$(cat hub.pid)"
  while curl -s -o /dev/null "http://127.0.0.1:$PORT/"; do sleep 0.1; done
  ;;
esac
