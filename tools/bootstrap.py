"""Make the environment in ``.venv`` from nothing but Python: with uv where present, else by fetching it.

Used by ``make``; needs no package besides the standard library.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".yishi-environment"
INDEX = "https://pypi.org/simple/uv/"


def fingerprint() -> str:
    """What the environment depends on."""
    parts = [(ROOT / name).read_bytes() for name in ("uv.lock", "pyproject.toml")]
    return hashlib.sha256(b"".join([*parts, sys.version.encode(), str(shutil.which("npm")).encode()])).hexdigest()


def wheel_tag() -> str:
    """The end of the name of uv's wheel for this machine."""
    machine = platform.machine().lower().replace("arm64", "aarch64").replace("amd64", "x86_64")
    if sys.platform == "darwin":
        return "macosx_11_0_arm64.whl" if machine == "aarch64" else "macosx_10_12_x86_64.whl"
    libc = "musllinux_1_1" if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "") else "manylinux"
    return f"{libc}*{machine}.whl"


def matches(name: str, tag: str) -> bool:
    """Whether a wheel's file name fits the machine."""
    start, _, end = tag.partition("*")
    return start in name and name.endswith(end or tag)


def fetch_uv() -> Path:
    """Fetch uv's own wheel, check its digest and unpack the program."""
    asked = urllib.request.Request(INDEX, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(asked) as answer:
        files = json.load(answer)["files"]
    fitting = [f for f in files if matches(f["filename"], wheel_tag()) and not f.get("yanked")]
    if not fitting:
        sys.exit(f"No uv for {platform.platform()}. Install uv (or python3-venv), then run make again.")
    chosen = fitting[-1]
    with urllib.request.urlopen(chosen["url"]) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != chosen["hashes"]["sha256"]:
        sys.exit("The download of uv was damaged; run make again.")
    target = VENV / "bin" / "uv"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(BytesIO(data)) as wheel:
        name = next(n for n in wheel.namelist() if n.endswith(("/uv", "/uv.exe")))
        target.write_bytes(wheel.read(name))
    target.chmod(0o755)
    return target


def find_uv() -> str:
    """uv from the path, else installed with pip into the environment, else fetched."""
    found = shutil.which("uv")
    if found:
        return found
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False)
    if made.returncode == 0:
        pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv>=0.8"]
        if subprocess.run(pip, check=False).returncode == 0:
            return str(VENV / "bin" / "uv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)], check=True)
    return str(fetch_uv())


def main() -> None:
    """Bring the environment up to date; nothing to do when it is."""
    if sys.version_info < (3, 11):  # noqa: UP036  (this very file may be run by an older one)
        sys.exit(f"Yishi needs Python 3.11 or newer; this is {platform.python_version()}.")
    mark = fingerprint()
    if STAMP.exists() and STAMP.read_text() == mark:
        return
    uv = find_uv()
    node = [] if shutil.which("npm") else ["--group", "node"]
    command = [uv, "sync", "--frozen", "--inexact", "--python", sys.executable, *node]
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit("The environment could not be made. Is the network there? Then run make again.")
    STAMP.write_text(mark)


if __name__ == "__main__":
    main()
