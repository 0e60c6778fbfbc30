"""JupyterHub on one machine. Nothing here is written for one hub: what differs stands in `settings.json`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent))

from jhub_methods import use_method
from jhub_mirror import ContentMirror
from jhub_pages import use_pages
from jhub_proxy import JhubProxy
from jhub_sockets import lengthen_queue, socket_url

c: Any = get_config()  # type: ignore[name-defined]  # noqa: F821
settings = json.loads(Path(os.environ["JHUB_SETTINGS"]).read_text())
secrets = json.loads(Path(settings["secretsFile"]).read_text())

c.JupyterHub.bind_url = settings["bindUrl"]
# The hub and the proxy's API are reached by sockets that only their own account can open.
c.JupyterHub.hub_bind_url = socket_url(settings["hubSocket"])
c.JupyterHub.hub_connect_url = socket_url(settings["hubSocket"])
lengthen_queue()
# Servers and services cannot speak to a socket: they go by a port of the loopback address that the proxy holds.
c.Spawner.hub_connect_url = settings["hubUrl"]
# Where the configuration is only tried, the database stays out of it: it may have the schema of another JupyterHub.
c.JupyterHub.db_url = "sqlite://" if "JHUB_TRIAL" in os.environ else f"sqlite:///{settings['databaseFile']}"
c.JupyterHub.cookie_secret = bytes.fromhex(secrets["cookieSecret"])

# Servers, and the way to them, outlive the hub.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False
c.JupyterHub.proxy_class = JhubProxy
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = socket_url(settings["proxyApiSocket"])
c.ConfigurableHTTPProxy.auth_token = secrets["proxyToken"]

use_method(c, settings["signIn"], secrets.get("signIn", {}).get("value", ""))

if settings["spawner"] == "systemd":
    from jhub_accounts import close_logins
    from jhub_admin_rights import AdminRights
    from jhub_ask_once import AskOnce
    from jhub_fork_services import ForkServices
    from jhub_limits import policy_of
    from jhub_network import HubNetwork
    from jhub_systemd_spawner import JhubSystemdSpawner as JhubSpawner
    from jhub_systemd_spawner import limit_slice, shared_environment
    from jupyterhub.app import JupyterHub

    network = HubNetwork(settings)
    JhubSpawner.hold_network = AskOnce(partial(asyncio.to_thread, network.hold))
    JhubSpawner.hold_total = AskOnce(partial(limit_slice, settings["slice"], lambda: JupyterHub.instance().db))
    JhubSpawner.rights = AdminRights(settings)
    JhubSpawner.forks = ForkServices(settings, shared_environment(settings))
    if "JHUB_TRIAL" not in os.environ:
        network.hold()
        close_logins(Path(settings["homesDirectory"]), settings["adminGroup"] if settings["adminSudo"] else None)
        JhubSpawner.rights.follow(lambda: JupyterHub.instance().db)
        JhubSpawner.forks.end_others()
        if settings["prefork"]:
            JhubSpawner.forks.start(JhubSpawner.forks.standard)
            JhubSpawner.forks.follow_policy(lambda: policy_of(JupyterHub.instance().db)[0].get("images", {}))
else:
    from jhub_process_spawner import JhubProcessSpawner as JhubSpawner

c.JupyterHub.spawner_class = JhubSpawner
c[JhubSpawner.__name__].settings = settings
c.Spawner.cmd = [f"{settings['userEnvironment']}/bin/jupyterhub-singleuser"]
c.Spawner.default_url = settings["firstPage"]
# `pip install` is for oneself: nobody changes what everybody uses.
JhubSpawner.mirror = ContentMirror(settings)
c.Spawner.environment = {"PIP_USER": "1", **JhubSpawner.mirror.variables}
# A class that starts at once on a small machine takes its time; nobody is turned away for it.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
c.JupyterHub.concurrent_spawn_limit = 0

# Only an admin may make others admin; what an admin may not see is the state of servers.
c.JupyterHub.services = [{"name": "jhub", "api_token": secrets["apiToken"], "admin": True}]
c.JupyterHub.load_roles = [{"name": "jhub", "services": ["jhub"], "scopes": ["admin:server_state"]}]

if settings["idleAfterSeconds"] is not None:
    c.JupyterHub.services.append(
        {
            "name": "idle-culler",
            "command": [
                sys.executable,
                "-m",
                "jupyterhub_idle_culler",
                f"--timeout={settings['idleAfterSeconds']}",
            ],
        }
    )
    c.JupyterHub.load_roles.append(
        {
            "name": "idle-culler",
            "services": ["idle-culler"],
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        }
    )

use_pages(
    c,
    Path(__file__).parent,
    idle_seconds=settings["idleAfterSeconds"],
    sign_in=settings["signIn"],
)

if settings["extraConfigFile"] is not None:
    load_subconfig(settings["extraConfigFile"])  # type: ignore[name-defined]  # noqa: F821

for service in c.JupyterHub.services:
    if "command" in service:
        api_url = f"{settings['hubUrl']}{urlsplit(settings['bindUrl']).path}/hub/api"
        service.setdefault("environment", {}).setdefault("JUPYTERHUB_API_URL", api_url)
