"""What happens inside a container of an image's base: packages are chosen for its Python, and installed beside those it has.

Run by the Python that has `jupyterhub-singleuser`, which is somebody else's: only the standard library is sure to be there.
Reads one JSON object, and writes another as its last line. Whatever is in `PLACE` does not become part of the image.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import site
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

PLACE = Path("/mnt/jhub")
# Packages of conda, in the image; and where Jupyter of any Python looks for kernels.
CONDA = Path("/opt/jhub/conda")
KERNELS_OF_ALL = "/usr/local"
OLDEST_UV = (0, 5)
# Tools that install: an image may have other versions of them than its base.
TOOLS = {"pip", "setuptools", "uv", "wheel"}
TRUSTED = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def installed(*places: str) -> dict[str, str]:
    """Packages of this Python, or of these places of another, by their normal names, with their versions."""
    found: dict[str, str] = {}
    for distribution in metadata.distributions(path=list(places) or sys.path):
        name = distribution.metadata["Name"]
        if name:
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), distribution.version)
    return found


def python_version() -> str:
    return "{}.{}".format(*sys.version_info)


def constraints(packages: dict[str, str]) -> list[str]:
    """What an image keeps of its base: every package in its version."""
    return [
        f"{name}=={version}"
        for name, version in sorted(packages.items())
        if name not in TOOLS and re.fullmatch(r"\d[\w.!+-]*", version)
    ]


def environment(asked: dict[str, Any]) -> dict[str, str]:
    """The way to the package index, whom to trust, and nothing of a person's home."""
    # An empty HTTPS_PROXY would count before an https_proxy that was asked for.
    given = {name: value for name, value in os.environ.items() if value}
    found = {**given, **asked.get("environment", {})}
    if asked.get("certificates"):
        trusted = PLACE / "certificates.pem"
        system = SYSTEM_CERTIFICATES.read_text() if SYSTEM_CERTIFICATES.exists() else ""
        trusted.write_text(system + "\n" + asked["certificates"])
        found.update(dict.fromkeys(TRUSTED, str(trusted)))
    return found | {
        "HOME": str(PLACE),
        # Without an environment of its own, a Python's lock stands among temporary files.
        "TMPDIR": str(PLACE),
        "UV_CACHE_DIR": str(PLACE / "cache"),
        "UV_LINK_MODE": "copy",
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def uv_answers(program: str) -> bool:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"uv (\d+)\.(\d+)", said)
    return found is not None and tuple(map(int, found.groups())) >= OLDEST_UV


def find_uv(asked: dict[str, Any], variables: dict[str, str]) -> str:
    """The base's own uv, else the pinned one, which pip installs outside of the image."""
    target = PLACE / f"uv-{asked['uv']['hash']}"
    own = str(target / "bin" / "uv")
    found = next((program for program in ("uv", own) if uv_answers(program)), None)
    if found is not None:
        return found
    lock = PLACE / "uv.txt"
    lock.write_text(asked["uv"]["lock"])
    words = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary", ":all:"]
    install = ["-m", "pip", "install", *words, "--require-hashes", "--target", str(target), "-r", str(lock)]
    subprocess.run([python_with_pip(), *install], stdout=sys.stderr, env=variables, check=True)
    return own


def python_with_pip() -> str:
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
        return sys.executable
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PLACE / "pip")], stdout=sys.stderr, check=True)
    return str(PLACE / "pip" / "bin" / "python")


def look(_asked: dict[str, Any]) -> dict[str, Any]:
    """The Python, the packages and the kernels that are there."""
    # Debian's packages put theirs outside of the Python's own place.
    places = [Path(place, "share", "jupyter", "kernels") for place in (sys.prefix, "/usr/local", "/usr")]
    kernels = {each.name for place in places if place.is_dir() for each in place.iterdir()}
    return {"python": python_version(), "packages": installed_by_conda() or installed(), "kernels": sorted(kernels)}


def installed_by_conda() -> dict[str, str]:
    """What stands beside the server for its kernels: packages of conda, and what pip added."""
    records = [json.loads(file.read_text()) for file in sorted(CONDA.glob("conda-meta/*.json"))]
    added = installed(*map(str, CONDA.glob("lib/python3*/site-packages"))) if records else {}
    return added | {record["name"]: record["version"] for record in records}


def export(asked: dict[str, Any]) -> dict[str, Any]:
    """The packages of a project's uv.lock, with their hashes; or what uv said against it."""
    variables = environment(asked)
    with tempfile.TemporaryDirectory(dir=PLACE) as name:
        Path(name, "pyproject.toml").write_text(asked["pyproject"])
        Path(name, "uv.lock").write_text(asked["lock"])
        words = ["--quiet", "--locked", "--no-emit-project", "--no-header", "--no-annotate", "--python", sys.executable]
        exported = subprocess.run(
            [find_uv(asked, variables), "export", *words],
            cwd=name,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
    require_ended(exported)
    return {"refused": exported.stderr} if exported.returncode != 0 else {"packages": exported.stdout}


def require_ended(program: subprocess.CompletedProcess[str]) -> None:
    """A program that was killed, as for want of memory, has refused nothing."""
    if program.returncode < 0:
        program.check_returncode()


def choose(asked: dict[str, Any]) -> dict[str, Any]:
    """A lock of what is asked for; or what uv said against it, with what the base keeps, or what else was given."""
    variables = environment(asked)
    uv, base = find_uv(asked, variables), asked.get("constraints", constraints(installed()))
    with tempfile.TemporaryDirectory(dir=PLACE) as name:
        place = Path(name)
        (place / "wanted.in").write_text("\n".join([*asked["requirements"], ""]))
        (place / "base.txt").write_text("\n".join([*base, ""]))
        (place / "lock.txt").write_text(asked.get("previous") or "")
        words = ["--quiet", "--generate-hashes", "--no-header", "--no-annotate", "--python", sys.executable]
        words += ["--python-version", asked["python"]] if "python" in asked else []
        words += [word for name in asked.get("left", []) for word in ("--no-emit-package", name)]
        files = ["--constraints", "base.txt", "wanted.in", "--output-file", "lock.txt"]
        compiled = subprocess.run(
            [uv, "pip", "compile", *words, *files], cwd=place, env=variables, capture_output=True, text=True, check=False
        )
        require_ended(compiled)
        if compiled.returncode != 0:
            return {"refused": compiled.stderr, "base": base}
        return {"python": python_version(), "packages": (place / "lock.txt").read_text()}


def install(asked: dict[str, Any]) -> dict[str, Any]:
    """Installs exactly what a lock says."""
    variables = environment(asked)
    uv = find_uv(asked, variables)
    lock = PLACE / "lock.txt"
    lock.write_text(asked["lock"])
    python = str(CONDA / "bin" / "python") if asked.get("into") == "conda" else sys.executable
    words = ["--require-hashes", "--no-deps", "--compile-bytecode", "--break-system-packages"]
    before = kernel_installers()
    install_with(uv, variables, *words, "--python", python, "-r", str(lock))
    for module in sorted(kernel_installers() - before):
        # Without it no server offers the kernel: a wheel cannot do this by itself.
        run = [sys.executable, "-I", "-m", module, "--sys-prefix"]
        subprocess.run(run, stdout=sys.stderr, env=variables, check=True)
    remove_locks()
    return {}


def kernel_installers() -> set[str]:
    """Modules by which kernels that are Python packages are registered: `bash_kernel.install`."""
    found = [file for place in site.getsitepackages() for file in Path(place).glob("*_kernel/install.py")]
    return {f"{file.parent.name}.install" for file in found}


def remove_locks() -> None:
    """Everybody could hold the locks that uv leaves in environments, that of the base too."""
    for environment in (Path(sys.prefix), CONDA):
        (environment / ".lock").unlink(missing_ok=True)


def install_with(uv: str, variables: dict[str, str], *words: str) -> None:
    subprocess.run([uv, "pip", "install", *words], stdout=sys.stderr, env=variables, check=True)


def conda(asked: dict[str, Any]) -> Any:
    """What `jhub_conda.py` answers, with a py-rattler that is outside of the image."""
    variables, wanted = environment(asked), asked["conda"]
    rattler = find_rattler(asked, variables)
    program = PLACE / "jhub_conda.py"
    program.write_text(wanted["source"])
    places = {
        "choose": [],
        "install": [str(CONDA), str(PLACE / "conda-cache")],
        "kernels": [str(CONDA), KERNELS_OF_ALL, wanted["image"]],
    }
    verb = wanted["verb"]
    answer = subprocess.run(
        [sys.executable, "-I", str(program), str(rattler), verb, *places[verb]],
        input=json.dumps(wanted["asked"]),
        stdout=subprocess.PIPE,
        text=True,
        env=variables,
        check=True,
    )
    return json.loads(answer.stdout)


def find_rattler(asked: dict[str, Any], variables: dict[str, str]) -> Path:
    """The pinned py-rattler, whole or not there."""
    tool = asked["conda"]["tool"]
    target = PLACE / f"conda-{tool['hash']}"
    if target.is_dir():
        return target
    lock = PLACE / "conda.txt"
    lock.write_text(tool["lock"])
    words = ["--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--python", sys.executable]
    with tempfile.TemporaryDirectory(dir=PLACE) as name:
        made = Path(name, "rattler")
        install_with(find_uv(asked, variables), variables, *words, "--target", str(made), "-r", str(lock))
        # Another run may have been faster.
        with contextlib.suppress(OSError):
            made.rename(target)
    return target


def exit_code(returned: int) -> int:
    """As a shell has it: 137 for a program that the kernel ended."""
    return 128 - returned if returned < 0 else returned or 1


VERBS = {"look": look, "export": export, "choose": choose, "install": install, "conda": conda}

if __name__ == "__main__":
    # What is installed is for everybody to read, and for nobody to change.
    os.umask(0o022)
    PLACE.mkdir(exist_ok=True)
    try:
        print(json.dumps(VERBS[sys.argv[1]](json.load(sys.stdin))))
    except subprocess.CalledProcessError as error:
        # The program itself has said why.
        sys.exit(exit_code(error.returncode))
