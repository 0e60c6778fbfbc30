"""JupyterHub in a cluster: what the chart has no value for. What differs from hub to hub stands in the chart's values."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

DIRECTORY = "/usr/local/etc/jupyterhub/jhub"
sys.path.insert(0, DIRECTORY)

from jhub_kubernetes import JhubKubeSpawner  # noqa: E402
from jhub_methods import use_method  # noqa: E402
from jhub_pages import use_pages  # noqa: E402
from jhub_start import lighter  # noqa: E402

# The chart's own configuration runs this file within itself: `c` is its, and `get_config` reads its values.
c: Any = globals()["c"]
jhub_settings = json.loads(Path(DIRECTORY, "settings.json").read_text())

jhub_secret = Path(DIRECTORY, "sign_in_secret")
use_method(c, jhub_settings["signIn"], jhub_secret.read_text().strip() if jhub_secret.exists() else "")

use_pages(
    c,
    Path(DIRECTORY),
    idle_seconds=jhub_settings["idleAfterSeconds"],
    sign_in=jhub_settings["signIn"],
)

c.JupyterHub.spawner_class = JhubKubeSpawner
JhubKubeSpawner.content = jhub_settings["content"]
for trait, template in (("pod_name_template", "jupyter-{jhub_account}"), ("pvc_name_template", "claim-{jhub_account}")):
    if trait not in c.KubeSpawner:
        c.KubeSpawner[trait] = template
# KubeSpawner gives the cluster three seconds. A laptop that starts thirty servers answers later.
for trait, seconds in (("k8s_api_request_timeout", 15), ("k8s_api_request_retry_timeout", 60)):
    if trait not in c.KubeSpawner:
        c.KubeSpawner[trait] = seconds
c.Spawner.http_timeout = 300
if "cmd" in c.Spawner:
    c.Spawner.cmd = lighter(c.Spawner.cmd)

# Where names are not resolved, services are found by the variables that every pod is given.
if jhub_settings["discovery"] == "environment":
    c.JupyterHub.hub_connect_url = f"http://{os.environ['HUB_SERVICE_HOST']}:{os.environ['HUB_SERVICE_PORT']}"
    c.ConfigurableHTTPProxy.api_url = (
        f"http://{os.environ['PROXY_API_SERVICE_HOST']}:{os.environ['PROXY_API_SERVICE_PORT']}"
    )
