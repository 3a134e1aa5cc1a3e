#!/usr/bin/env bash
# Installs what building the overlay and running the tests needs, once: npm packages by lock file, and a Chromium from
# Debian when there is no Chromium or Chrome on the machine (set CHROMIUM to use another one).
set -euo pipefail
cd "$(dirname "$0")/.."
for dir in overlay e2e/browser e2e/apps e2e/sourcemaps sdk/debugid examples/express; do
  [ -f "$dir/package-lock.json" ] || continue
  stamp="$dir/node_modules/.installed"
  if [ ! -f "$stamp" ] || [ "$dir/package-lock.json" -nt "$stamp" ]; then
    echo "installing npm packages of $dir"
    npm ci --prefix "$dir" --no-audit --no-fund
    touch "$stamp"
  fi
done
if [ -z "${CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null; then
  echo "no Chromium or Chrome found; installing Debian's chromium"
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -qq && $sudo apt-get install -y -qq chromium ||
    { echo "could not install chromium: install Chromium or Chrome yourself, or set CHROMIUM to its path" >&2; exit 1; }
fi
