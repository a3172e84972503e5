"""Make the pictures of the README from the demo town: ``make screenshots``. Needs Chromium."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PICTURES = ROOT / "docs" / "pictures"
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
TOLD = """
    SELECT reference FROM matters_matter WHERE stage = 'settled' AND visibility = 'public' AND report_count > 1
    ORDER BY report_count DESC, id DESC LIMIT 1
"""


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return int(link.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _ in range(300):
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit("The server did not start.")


def picture(browser: Browser, url: str, width: int, height: int, language: str = "zh-hans") -> Image.Image:
    """A page as a screen of that size shows it."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.add_cookies([{"name": "django_language", "value": language, "url": url}])
    page = context.new_page()
    page.goto(url)
    page.wait_for_timeout(500)
    found = Image.open(BytesIO(page.screenshot()))
    context.close()
    return found.convert("RGB")


def side_by_side(phone: Image.Image, desk: Image.Image) -> Image.Image:
    """A phone beside a desk, on paper."""
    height = max(phone.height, desk.height) + 64
    whole = Image.new("RGB", (phone.width + desk.width + 96, height), "#ddd5c5")
    whole.paste(phone, (32, 32))
    whole.paste(desk, (phone.width + 64, 32))
    return whole


def save(image: Image.Image, name: str) -> None:
    """Few colours, small file."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    image.quantize(96).save(PICTURES / name, optimize=True)


def main() -> None:
    """Load the demo town into a temporary folder and take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or sys.exit("Chromium is needed.")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "YISHI_DATA_DIR": folder}
        subprocess.run([BIN / "yishi", "demo", "--no-serve"], env=environment, check=True)
        reference = sqlite3.connect(f"{folder}/yishi.sqlite3").execute(TOLD).fetchone()[0]
        port = free_port()
        server = subprocess.Popen([BIN / "yishi", "serve", "--port", str(port), "--workers", "1"], env=environment)
        try:
            wait_for(port)
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=chromium, args=QUIET)
                base = f"http://127.0.0.1:{port}"
                matter = f"{base}/matters/{reference}"
                save(
                    side_by_side(picture(browser, matter, 390, 844), picture(browser, matter, 1180, 844)), "matter.png"
                )
                home = picture(browser, f"{base}/", 390, 844), picture(browser, f"{base}/town/", 1180, 844, "en")
                save(side_by_side(*home), "home.png")
                browser.close()
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
