"""conda packages by py-rattler: chosen, installed into a prefix, and offered as kernels of an image.

It is run as `python -I jhub_conda.py RATTLER VERB …`, with JSON on its standard input; RATTLER is the directory of py-rattler.

    choose < {"channels": […], "specs": […]}
    install PREFIX CACHE < {"packages": [{"url": …, "sha256": …}, …]}
    kernels PREFIX ENVIRONMENT IMAGE < {"variables": {…}}

Each answers with JSON. What a person can mend is said on standard error, in a line that begins with `jhub: KIND: `.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import ssl
import sys
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

PROBE_SECONDS = 15
DOWNLOAD_SECONDS = 120
# Not each OSError: a full disk is one too.
NETWORK_FAULTS = (urllib.error.URLError, ConnectionError, TimeoutError, ssl.SSLError, HTTPException)
KERNELS = Path("share", "jupyter", "kernels")


class Refusal(SystemExit):
    """Ends the program with a sentence."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(f"jhub: {kind}: {' '.join(sentence.split())}")


def main(rattler: str, verb: str, *places: str) -> None:
    sys.path.insert(0, rattler)
    asked = json.load(sys.stdin)
    answer: object
    if verb == "choose":
        answer = asyncio.run(choose(asked["channels"], asked["specs"]))
    elif verb == "install":
        answer = asyncio.run(install(asked["packages"], Path(places[0]), Path(places[1])))
    else:
        answer = offer_kernels(Path(places[0]), Path(places[1]), places[2], asked["variables"])
    print(json.dumps(answer))


async def choose(channels: list[str], specs: list[str]) -> list[dict[str, str]]:
    """The packages that these specs need, each with its address and digest."""
    from rattler import Channel, VirtualPackage, solve
    from rattler.exceptions import InvalidMatchSpecError, SolverError

    found = [Channel(name) for name in channels]
    for channel in found:
        require_channel(channel.base_url)
    try:
        records = await solve(found, specs, virtual_packages=VirtualPackage.detect())
    except (SolverError, InvalidMatchSpecError) as error:
        raise Refusal("disagree", str(error)) from error
    return sorted((describe(record) for record in records), key=lambda each: each["url"])


def describe(record: Any) -> dict[str, str]:
    if record.sha256 is None:
        raise Refusal("disagree", f"the channel has no sha256 of {record.file_name}")
    return {
        "url": str(record.url),
        "sha256": record.sha256.hex(),
        "name": record.name.normalized,
        "version": str(record.version),
        "isPython": "yes" if any(each.split()[0] == "python" for each in record.depends) else "no",
    }


def require_channel(base: str) -> None:
    """Says at once what a solver would try for minutes."""
    try:
        with urllib.request.urlopen(f"{base.rstrip('/')}/noarch/repodata.json", timeout=PROBE_SECONDS) as answer:
            answer.read(1)
    except (OSError, HTTPException, ValueError) as error:
        raise Refusal("channel", f"{base} does not answer: {getattr(error, 'reason', error)}") from error


async def install(packages: list[dict[str, str]], prefix: Path, cache: Path) -> list[str]:
    """Downloads packages whose digests are known, and links them into a prefix."""
    from rattler import install as install_records
    from rattler.repo_data.record import RepoDataRecord

    archives = [fetch(each["url"], each["sha256"], cache / "archives") for each in packages]
    records = [await RepoDataRecord.from_package_archive(archive) for archive in archives]
    await install_records(records, prefix, cache_dir=cache / "unpacked", show_progress=False, execute_link_scripts=False)
    return [record.name.normalized for record in records]


def fetch(url: str, sha256: str, directory: Path) -> Path:
    """The archive behind an address, as it was locked."""
    target = directory / sha256[:12] / url.rsplit("/", 1)[-1]
    if not target.is_file() or digest_of(target) != sha256:
        target.parent.mkdir(parents=True, exist_ok=True)
        download(url, target)
    if digest_of(target) != sha256:
        target.unlink()
        raise Refusal("digest", f"{url} is not what was locked: its sha256 differs")
    return target


def download(url: str, target: Path, attempts: int = 2) -> None:
    """The whole answer: a connection that is dropped looks to urllib like one that has ended."""
    try:
        with urllib.request.urlopen(url, timeout=DOWNLOAD_SECONDS) as answer, target.open("wb") as file:
            shutil.copyfileobj(answer, file)
            size = answer.headers["Content-Length"]
            if size is not None and file.tell() < int(size):
                raise ConnectionError(f"the connection ended after {file.tell()} of {size} bytes")
    except NETWORK_FAULTS as error:
        if attempts == 1:
            raise Refusal("channel", f"{url} cannot be had: {getattr(error, 'reason', error)}") from error
        download(url, target, attempts - 1)


def digest_of(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as archive:
        while block := archive.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def offer_kernels(prefix: Path, environment: Path, image: str, variables: dict[str, str]) -> list[str]:
    """Copies the kernels of a prefix beside those of an image's own environment, under the name of the image."""
    offered = []
    for source in sorted((prefix / KERNELS).glob("*/kernel.json")):
        kernel = json.loads(source.read_text())
        language = source.parent.name
        name = image if language == "python3" else f"{image}-{language}"
        program = prefix / "bin" / Path(kernel["argv"][0]).name
        if program.exists():
            kernel["argv"][0] = str(program)
        kernel["display_name"] = f"{kernel.get('display_name', language)} ({image})"
        path = {"PATH": f"{prefix}/bin:${{PATH}}", "CONDA_PREFIX": str(prefix)}
        kernel["env"] = {**kernel.get("env", {}), **variables, **path}
        target = environment / KERNELS / name
        shutil.copytree(source.parent, target, dirs_exist_ok=True)
        (target / "kernel.json").write_text(json.dumps(kernel, indent=1))
        offered.append(name)
    if not offered:
        raise Refusal("kernel", "nothing in it is a kernel: name ipykernel, r-irkernel or another under dependencies")
    return offered


def run() -> int:
    try:
        main(*sys.argv[1:])
    except SystemExit as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    code = run()
    sys.stdout.flush()
    sys.stderr.flush()
    # The threads of py-rattler can end the interpreter by a signal while it shuts down.
    os._exit(code)
